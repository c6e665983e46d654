"""Pictures that people upload: checked, made small and written anew, so that nothing but the picture is kept."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.Image import DecompressionBombError, DecompressionBombWarning

from linktime.core.faults import refuse

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000  # a small file can unfold to gigabytes
LONGEST_SIDE = 400

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def clean(content: bytes) -> bytes:
    """Return a picture as WebP, at most 400 pixels high and wide; Invalid for what is no picture or too large."""
    if len(content) > LARGEST_FILE:
        refuse("too_large", f"Choose a picture of at most {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        return _rewritten(content)
    except (DecompressionBombError, DecompressionBombWarning):
        refuse("too_large", f"Choose a picture of at most {MOST_PIXELS // 1_000_000} million pixels.")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):  # what Pillow raises for broken files
        refuse("not_a_picture", "This can't be read as a picture. Choose a PNG, JPEG or WebP file.")


def _rewritten(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise DecompressionBombError
        upright = ImageOps.exif_transpose(opened)
        picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = BytesIO()
    picture.save(file, "WEBP", quality=86)
    return file.getvalue()
