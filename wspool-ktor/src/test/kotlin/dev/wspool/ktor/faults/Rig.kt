package dev.wspool.ktor.faults

import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import kotlinx.coroutines.Job
import kotlinx.coroutines.job
import kotlin.test.assertEquals

/** A connector and a server that play cells, one after the other, and show what each leaves behind. */
internal class Rig(subject: Subject) : AutoCloseable {
    @Volatile
    private var present: Play? = null

    /** One for all, the bystander too: CIO remembers each address that it has been to. */
    private val server = ScriptedServer { present?.serve(this) ?: Scripts.echo(this) }
    private val opened = subject.open()
    private val bystander = Bystander(opened.connector, server.url)
    private val engine: Job = opened.client.engine.coroutineContext.job

    /** What came of [cell]; throws where that is not as it must be, whatever the cell. */
    fun play(cell: Cell): Outcome {
        val sockets = Descriptors.sockets()
        val coroutines = engine.descendants()
        val play = cell.begin().also { present = it }
        val outcome = play.on(opened.connector, server.url)
        server.awaitOpen(1) // the bystander
        settle("coroutines of the engine") { engine.descendants() - coroutines }
        settle("descriptors") { (Descriptors.sockets() - sockets).size }
        return outcome
    }

    /** Not later: each look has the selector of the connector run again. */
    private fun settle(what: String, left: () -> Int) {
        var looks = 0
        while (left() > 0 && looks++ < LOOKS) bystander.stir()
        assertEquals(0, left(), "$what left")
    }

    private fun Job.descendants(): Int = children.sumOf { 1 + it.descendants() }

    /** Throws where a script has found its client to be wrong. */
    override fun close() {
        bystander.close()
        opened.client.close()
        server.close()
    }

    private companion object {
        const val LOOKS = 1_000
    }
}
