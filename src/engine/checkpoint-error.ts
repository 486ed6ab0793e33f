/** What was saved of a search cannot be used. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  constructor(readonly code: 'DAMAGED' | 'OTHER_SEARCH' | 'NOT_WRITABLE', message: string, readonly hint: string) {
    super(message);
  }
}
