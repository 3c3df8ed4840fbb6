// Compares pictures in Chromium's own canvas, keeps them as small WebP, and draws differences.

/** Beyond this in any channel two pixels differ. */
const TOLERANCE = 32;
/** So many stray pixels are antialiasing's. */
export const STRAY = 24;

/**
 * Run in a page: base64 of a PNG as base64 of a small WebP. It loses detail, always the same: what is
 * compared has gone through it on both sides.
 */
async function asWebp(png) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.5 })).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * Run in a page: how many pixels differ. One that has moved to a neighbour's place in both pictures
 * does not count: that is antialiasing. With differences comes a picture of them: before, after, and
 * after in grey with the differences marked.
 */
async function difference([before, after, tolerance]) {
  const read = async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/webp;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return { bitmap, width: bitmap.width, height: bitmap.height, pixels: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
  };
  const [one, two] = [await read(before), await read(after)];
  const width = Math.max(one.width, two.width);
  const height = Math.max(one.height, two.height);
  const inside = (image, x, y) => x >= 0 && y >= 0 && x < image.width && y < image.height;
  const near = (a, xa, ya, b, xb, yb) => {
    if (!inside(a, xa, ya) || !inside(b, xb, yb)) return false;
    const [at, bt] = [(ya * a.width + xa) * 4, (yb * b.width + xb) * 4];
    for (let channel = 0; channel < 3; channel += 1) {
      if (Math.abs(a.pixels[at + channel] - b.pixels[bt + channel]) > tolerance) return false;
    }
    return true;
  };
  const around = (a, b, x, y) => {
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) if (near(a, x, y, b, x + dx, y + dy)) return true;
    }
    return false;
  };
  const marked = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (near(one, x, y, two, x, y) || (around(one, two, x, y) && around(two, one, x, y))) continue;
      marked.push([x, y]);
    }
  }
  if (marked.length === 0) return { count: 0 };
  const canvas = new OffscreenCanvas(width * 3 + 32, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#888';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(one.bitmap, 0, 0);
  context.drawImage(two.bitmap, width + 16, 0);
  context.filter = 'grayscale(1) opacity(0.35)';
  context.drawImage(two.bitmap, 2 * width + 32, 0);
  context.filter = 'none';
  context.fillStyle = '#f0f';
  for (const [x, y] of marked) context.fillRect(2 * width + 32 + x - 1, y - 1, 3, 3);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { count: marked.length, picture: btoa(text) };
}

/** A page that works on pictures. */
export async function darkroom(browser) {
  const page = await browser.newPage();
  const webp = (png) => page.evaluate(asWebp, png.toString('base64'));
  return {
    webp: async (png) => Buffer.from(await webp(png), 'base64'),
    compare: async (reference, png) => {
      const { count, picture } = await page.evaluate(difference, [reference.toString('base64'), await webp(png), TOLERANCE]);
      return { count, picture: picture && Buffer.from(picture, 'base64') };
    },
    close: () => page.close(),
  };
}
