/** A chart as a PNG that says what it shows and where it comes from. */

const MARGIN = 24;
const HEAD = 44;
const FOOT = 36;

interface Caption {
  title: string;
  source: string;
  ink: string;
  paper: string;
}

/** Saves a canvas as an image under a name. */
export async function savePng(
  chart: HTMLCanvasElement,
  name: string,
  { title, source, ink, paper }: Caption,
): Promise<void> {
  const scale = devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width + 2 * MARGIN * scale;
  canvas.height = chart.height + (HEAD + FOOT) * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart, MARGIN * scale, HEAD * scale);
  context.fillStyle = ink;
  context.font = `600 ${16 * scale}px system-ui, sans-serif`;
  context.fillText(title, MARGIN * scale, 28 * scale);
  context.font = `${12 * scale}px system-ui, sans-serif`;
  context.fillText(source, MARGIN * scale, canvas.height - 14 * scale);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
