"""20 pages: a PNG of each of the right size and colour, both ways of reaching the browser compared, and nothing left behind."""
import re
import struct
import tempfile
import zlib
from pathlib import Path

from program import Program, check

PAGES = 20


def picture(file):
    """Width, height and the colour of the first pixel of a PNG whose chunks are all sound."""
    data = file.read_bytes()
    check(data[:8] == b"\x89PNG\r\n\x1a\n", f"{file.name} is a PNG")
    position, chunks = 8, {}
    while position < len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        content = data[position + 8:position + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        check(checksum == zlib.crc32(name + content), f"{file.name}: the checksum of {name}")
        chunks[name] = chunks.get(name, b"") + content
        position += 12 + length
    check(b"IEND" in chunks, f"{file.name} has its end")
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    return width, height, zlib.decompress(chunks[b"IDAT"])[1:4]  # the first byte names the line's filter


def colour(number):
    """What the sample paints page number with: Page.colour."""
    return (number * 0x9E3779 & 0xFFFFFF).to_bytes(3, "big")


with tempfile.TemporaryDirectory() as directory:
    program = Program(directory, "--out", f"{directory}/shots", "--pages", PAGES)
    status, output, said = program.end()
    check((status, said) == (0, ""), f"all pages are taken: status {status}\n{said}")
    files = sorted(Path(directory, "shots").iterdir())
    check([file.name for file in files] == [f"page-{n:03}.png" for n in range(1, PAGES + 1)], f"a file for each page: {files}")
    for number, file in enumerate(files, start=1):
        check(picture(file) == (800, 600, colour(number)), f"{file.name} is its page's, of 800x600: {picture(file)}")
        check(re.search(rf"^page-{number:03} +{file.stat().st_size:,} bytes +\d+ms$", output, re.MULTILINE), f"a line for it\n{output}")
    opened = re.search(r"^connections opened +(\d+) +(\d+) ", output, re.MULTILINE)
    check(opened and int(opened[1]) <= 2 and int(opened[2]) == 5 * PAGES, f"connections: 2 at most, and one for each call\n{output}")
    print(output, end="")
