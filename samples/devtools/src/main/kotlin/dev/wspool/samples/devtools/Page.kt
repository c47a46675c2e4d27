package dev.wspool.samples.devtools

import java.util.Locale

/** A page to take: [number] counts from 1. Each has a colour of its own, by which its picture is known. */
class Page(val number: Int) {
    val name: String = String.format(Locale.ROOT, "page-%03d", number)
    val path: String get() = "/$name.html"

    /** What its picture is filled with: 0xRRGGBB. */
    val colour: Int = (number * 0x9E3779).and(0xFFFFFF)

    /** A text, and a picture to be loaded as well. */
    val html: String
        get() = """
            <!doctype html>
            <title>$name</title>
            <body style="margin: 0; background: #${hex(colour)}">
            <h1 style="margin: 40px; font: 60px sans-serif">Page $number</h1>
            <img src="/$name.svg" width="300" height="200" style="margin: 40px">
        """.trimIndent()

    val svg: String
        get() = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200">
            <circle cx="150" cy="100" r="${20 + number % 70}" fill="#${hex(colour.inv().and(0xFFFFFF))}"/>
            </svg>
        """.trimIndent()

    private fun hex(colour: Int) = String.format(Locale.ROOT, "%06x", colour)
}
