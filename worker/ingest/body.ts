/** The body as text, or undefined where it has more than `mostBytes`: then the rest is not even received. */
export async function readBounded(response: Response, mostBytes: number): Promise<string | undefined> {
  if (Number(response.headers.get("Content-Length") ?? 0) > mostBytes) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.body) return "";
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
