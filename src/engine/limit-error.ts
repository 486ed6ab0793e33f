/** The bounds that were asked for do not fit; nothing is wrong with the subject. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  constructor(readonly code: string, message: string, readonly hint: string) {
    super(message);
  }
}
