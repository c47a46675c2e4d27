@file:JvmName("Main")

package dev.wspool.samples.quickstart

fun main(args: Array<String>) {
    println("wspool quickstart ${args.joinToString(" ")}".trim())
}
