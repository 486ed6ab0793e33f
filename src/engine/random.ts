/** Random numbers that can be had again: the same seed and stream, the same numbers. */

/** sfc32, a small fast generator of good quality (Doty-Humphrey, PractRand): whole numbers below 2^32, its own sequence for every pair. */
export function randomNumbers(seed: number, stream: number): () => number {
  let [a, b, c, counter] = [seed | 0, stream | 0, Math.floor(stream / 2 ** 32) | 0, 1];
  const next = (): number => {
    const result = (a + b + counter++) | 0;
    [a, b, c] = [b ^ (b >>> 9), (c + (c << 3)) | 0, (((c << 21) | (c >>> 11)) + result) | 0];
    return result >>> 0;
  };
  // The first numbers of similar seeds are similar.
  for (let i = 0; i < 15; i++) next();
  return next;
}

