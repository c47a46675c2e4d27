# To be sourced by a check, from the clone's root: the libraries of this clone as others meet them, installed in a repository to throw away,
# before the machine's own in the search order. They are installed once; what a check compiles beside them is not compiled with them again.

repository=$PWD/target/repository
settings=$(./mvnw -B -q -N org.apache.maven.plugins:maven-help-plugin:3.5.1:evaluate -Dexpression=settings.localRepository -DforceStdout)

maven() {
  ./mvnw -B "-Dmaven.repo.local=$repository" "-Dmaven.repo.local.tail=$settings" "$@"
}

install_libraries() {
  local commit
  commit=$(git rev-parse HEAD)
  [[ -e $repository/installed && $(<"$repository/installed") == "$commit" ]] && return
  rm -rf "$repository"
  maven -q -pl wspool-core,wspool-ktor -am -DskipTests -Djacoco.skip -Dspotless.check.skip -Ddokka.skip install
  echo "$commit" >"$repository/installed"
}

# Compiles samples/$1 and writes its class path to samples/$1/target/classpath. More arguments go to Maven.
compile_sample() {
  local sample=$1
  shift
  install_libraries
  # The profile would ask for a test-jar, which is not installed.
  maven -q -P '!core-test-jar' -pl "samples/$sample" "$@" compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
    -Dmdep.includeScope=runtime "-Dmdep.outputFile=\${project.build.directory}/classpath"
}

sample_classpath() {
  echo "samples/$1/target/classes:$(<"samples/$1/target/classpath")"
}
