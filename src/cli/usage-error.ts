/** The command line makes no sense: exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(message: string, readonly hint: string) {
    super(message);
  }
}
