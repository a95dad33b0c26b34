/** What the markers of a JPEG say. */
export interface JpegFacts {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Baseline, extended or progressive with 8 bits: what every decoder reads. */
  readonly common: boolean;
  /** Orientation of the Exif block, 1 to 8; PDF readers ignore it, browsers obey it. */
  readonly orientation: number;
  /** The end marker is there. */
  readonly complete: boolean;
}

/** Reads the markers of a JPEG without decoding it; undefined when the bytes are not a JPEG. */
export function readJpeg(bytes: Buffer): JpegFacts | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let frame: Pick<JpegFacts, 'width' | 'height' | 'components' | 'common'> | undefined;
  let orientation = 1;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || body.length < length - 2) return undefined;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (body.length < 6) return undefined;
      frame = {
        height: body.readUInt16BE(1),
        width: body.readUInt16BE(3),
        components: body[5]!,
        common: marker <= 0xc2 && body[0] === 8,
      };
    }
    if (marker === 0xe1 && body.toString('latin1', 0, 4) === 'Exif')
      orientation = exifOrientation(body.subarray(6));
    if (marker === 0xda) {
      if (!frame || frame.width === 0 || frame.height === 0) return undefined;
      return { ...frame, orientation, complete: bytes.lastIndexOf(EOI) > at };
    }
    at += 2 + length;
  }
  return undefined;
}

export const EOI = Buffer.from([0xff, 0xd9]);

function exifOrientation(tiff: Buffer): number {
  if (tiff.length < 8) return 1;
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let i = 0; i < Math.min(u16(directory), 200); i++) {
    const entry = directory + 2 + i * 12;
    if (u16(entry) === 0x0112) return u16(entry + 8) || 1;
  }
  return 1;
}
