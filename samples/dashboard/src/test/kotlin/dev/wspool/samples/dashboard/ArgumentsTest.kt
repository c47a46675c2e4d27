package dev.wspool.samples.dashboard

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.test.assertContains
import kotlin.test.assertEquals

@Timeout(60)
class ArgumentsTest {
    @Test
    fun helpNamesEveryOption() {
        val run = Program("--help")
        val help = run.output.joinToString("\n")
        assertContains(help, "--port")
        assertContains(help, "8085")
        assertEquals(0, run.status)
    }

    @Test
    fun unknownOption() = Program("--zzz").assertRefused(2, "no such option --zzz (try --help)")

    @Test
    fun portThatIsNone() = Program("--port", "70000")
        .assertRefused(2, "invalid value for --port: 70000 is not in the valid range of 0 to 65535. (try --help)")

    @Test
    fun portThatIsTaken() = ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use {
        val message = "port ${it.localPort} is taken by another program: end that, or choose another one with --port"
        Program("--port", "${it.localPort}").assertRefused(1, message)
    }
}
