import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readJpeg } from '../../../pipeline/pdf/jpeg.ts';
import { jpeg } from './documents.ts';

describe('readJpeg', () => {
  it('reads size and components of baseline and progressive files', async () => {
    const baseline = await jpeg(60, 80);
    const progressive = await sharp(baseline)
      .toColourspace('b-w')
      .jpeg({ progressive: true })
      .toBuffer();
    expect(readJpeg(baseline)).toMatchObject({
      width: 60,
      height: 80,
      components: 3,
      common: true,
      orientation: 1,
      complete: true,
    });
    expect(readJpeg(progressive)).toMatchObject({ components: 1, common: true });
  });

  it('counts the components of a CMYK file', async () => {
    const cmyk = await sharp(await jpeg(60, 80))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect(readJpeg(cmyk)).toMatchObject({ components: 4 });
  });

  it('sees an orientation that browsers would obey', async () => {
    const turned = await sharp(await jpeg(60, 80))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(readJpeg(turned)).toMatchObject({ orientation: 6 });
  });

  it('sees that the end is missing, and allows padding behind it', async () => {
    const whole = await jpeg(60, 80);
    expect(readJpeg(whole.subarray(0, whole.length - 2))?.complete).toBe(false);
    expect(readJpeg(Buffer.concat([whole, Buffer.alloc(5)]))?.complete).toBe(true);
  });

  it('refuses what is no JPEG, at every length', async () => {
    const whole = await jpeg(60, 80);
    expect(readJpeg(Buffer.from('%PDF-1.7'))).toBeUndefined();
    const scan = whole.indexOf(Buffer.from([0xff, 0xda]));
    for (let length = 0; length < scan; length++)
      expect(readJpeg(whole.subarray(0, length))).toBeUndefined();
  });
});
