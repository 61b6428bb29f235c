import type { Browser } from 'playwright-core';

/** JPEGs that the browser draws: each another colour and another number, so that no two have the same bytes. */
export async function drawn(browser: Browser, count: number, size = { width: 960, height: 640 }): Promise<Buffer[]> {
  const page = await browser.newPage();
  const pictures = await page.evaluate(
    ({ count, size }) =>
      Array.from({ length: count }, (_, at) => {
        const canvas = Object.assign(document.createElement('canvas'), size);
        const pen = canvas.getContext('2d');
        if (!pen) return '';
        const { width, height } = size;
        pen.fillStyle = `hsl(${(at * 47) % 360} 45% 55%)`;
        pen.fillRect(0, 0, width, height);
        pen.fillStyle = '#f4ead8';
        for (let tooth = 0; tooth < 8; tooth += 1) {
          pen.beginPath();
          pen.roundRect(width * (0.12 + tooth * 0.096), height * 0.3, width * 0.086, height * 0.36, 24);
          pen.fill();
        }
        pen.fillStyle = '#1c1c1c';
        pen.font = `600 ${Math.round(height / 6)}px sans-serif`;
        pen.fillText(String(at + 1), width * 0.05, height * 0.2);
        return canvas.toDataURL('image/jpeg', 0.85);
      }),
    { count, size },
  );
  await page.close();
  return pictures.map((url) => Buffer.from(url.split(',')[1] ?? '', 'base64'));
}

/** One JPEG of some megabytes for each thousand of `width`, squared: noise does not compress. */
export async function noisy(browser: Browser, width = 1800): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate((width) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height: Math.round((width * 2) / 3) });
    const pen = canvas.getContext('2d');
    if (!pen) return '';
    const pixels = pen.createImageData(canvas.width, canvas.height);
    for (let at = 0; at < pixels.data.length; at += 1) pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
    pen.putImageData(pixels, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.95);
  }, width);
  await page.close();
  return Buffer.from(url.split(',')[1] ?? '', 'base64');
}
