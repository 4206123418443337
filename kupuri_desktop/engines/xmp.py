"""How an image was made, as the XMP and Exif that JPEG, WebP, AVIF and TIFF files carry.

XMP: https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 1. The text in Exif's
UserComment is where other programs for generated images look for it in files that are no PNG.
"""

import json
from xml.sax.saxutils import escape

from PIL import Image
from PIL.ExifTags import IFD, Base

from kupuri_desktop import __version__
from kupuri_desktop.core.items import Making
from kupuri_desktop.engines.metadata import facts, parameters

_SPACE = "urn:kupuri:making:1.0:"


def packet(making: Making) -> bytes:
    """An XMP packet: the prompt as the description, Kupuri's own facts as JSON beside it."""
    prompt = _plain(making.prompt)
    told = _plain(json.dumps(facts(making), ensure_ascii=False))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:kupuri="{_SPACE}">'
        f"<xmp:CreatorTool>Kupuri {__version__}</xmp:CreatorTool>"
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{prompt}</rdf:li></rdf:Alt>'
        f"</dc:description><kupuri:making>{told}</kupuri:making>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def exif(making: Making) -> bytes:
    """An Exif block with the program, and the parameters as the user's comment."""
    block = Image.Exif()
    block[Base.Software] = f"Kupuri {__version__}"
    comment = parameters(making).encode("utf-16-be", "replace")
    block.get_ifd(IFD.Exif)[Base.UserComment] = b"UNICODE\0" + comment
    return block.tobytes()


def _plain(words: str) -> str:
    """Without the control characters that no XML may hold."""
    return escape("".join(c for c in words if c >= " " or c in "\t\n\r"))
