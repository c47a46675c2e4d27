package dev.wspool.samples.java;

import picocli.CommandLine;

/** The program's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = new CommandLine(new LinesCommand(System.in, System.out, System.err)).execute(args);
        if (status != 0) System.exit(status); // Maven's own JVM runs it too, and goes on after a success
    }
}
