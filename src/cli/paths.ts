/** Relative paths start where the user stands. `npm start` runs us in the package's folder and tells the user's in INIT_CWD. */
export function goToUserFolder(): void {
  const { INIT_CWD, npm_lifecycle_event: script, npm_package_name: name } = process.env;
  if (INIT_CWD !== undefined && script === 'start' && name === 'paxcheck') process.chdir(INIT_CWD);
}
