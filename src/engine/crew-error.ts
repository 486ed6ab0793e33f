/** Another thread of the exploration has failed. */
export class CrewError extends Error {
  override readonly name = 'CrewError';

  constructor() {
    super('another thread has failed');
  }
}
