// Which job this is: what one step leaves on the machine is another thing for the steps after it than for the next job.

/** The same for all steps of a job, another one for every other job. */
export function jobOf(env: NodeJS.ProcessEnv): string {
  return ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_JOB', 'RUNNER_TRACKING_ID']
    .map((name) => env[name] ?? '')
    .join('/');
}
