package dev.wspool.samples.devtools

import org.junit.jupiter.api.Test
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import javax.imageio.ImageIO
import kotlin.test.assertEquals
import kotlin.test.assertNull

class PngTest {
    @Test
    fun sizeIsThatOfThePicture() = assertEquals("300x7", Png(picture("png")).size)

    @Test
    fun whatIsNoPngHasNone() {
        assertNull(Png(picture("jpg")).size)
        assertNull(Png(picture("png").copyOf(20)).size)
        assertNull(Png(ByteArray(0)).size)
    }

    private fun picture(format: String) = ByteArrayOutputStream().also {
        ImageIO.write(BufferedImage(300, 7, BufferedImage.TYPE_INT_RGB), format, it)
    }.toByteArray()
}
