"""HEIC and HEIF pictures."""

import pillow_heif

from adapters.imaging import wire
from adapters.imaging.sandbox import pictures
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.look import Look
from domain import filetypes

# An embedded thumbnail may show what was cropped away or edited out, so the picture itself is always decoded.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
pictures.register(filetypes.HEIC.mime, pillow_heif.HeifImageFile.format)


def look_at(content: Content, setup: wire.Setup) -> Look:
    return pictures.look_at(content, filetypes.HEIC.mime, setup)
