// The environment of a job on a GitHub-hosted runner, as steps find it.
// https://docs.github.com/en/actions/reference/workflows-and-actions/variables
import type { JobOptions } from './runner-job.ts';
import type { RunnerFolders } from './runner-folders.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'X64', arm64: 'ARM64', arm: 'ARM', ia32: 'X86' };

/** Variables by who sets them. */
export interface RunnerEnvironment {
  /** What the runner was started with; steps may override it. */
  readonly host: Readonly<Record<string, string>>;
  /** GITHUB_ and RUNNER_ variables; nobody overrides them. */
  readonly contexts: Readonly<Record<string, string>>;
  /** ACTIONS_ variables, which steps that `run` a script do not get. */
  readonly actions: Readonly<Record<string, string>>;
}

/** What steps start with, before anything that a workflow or a step says. */
export function createEnvironment(
  options: JobOptions,
  folders: RunnerFolders,
  toInside: (path: string) => string,
  trackingId: string,
): RunnerEnvironment {
  const defaults = {
    ...hostVariables(folders, toInside),
    ...githubVariables(options, folders, toInside),
    ...runnerVariables(options, folders, toInside),
    RUNNER_TRACKING_ID: trackingId,
    ...actionsVariables(options),
  };
  const unset = new Set(options.unset);
  const all = Object.entries({ ...defaults, ...options.env }).filter(([name]) => !unset.has(name));
  const isContext = (name: string): boolean => /^(?:GITHUB|RUNNER)_/.test(name);
  const isActions = (name: string): boolean => name.startsWith('ACTIONS_');
  return {
    host: Object.fromEntries(all.filter(([name]) => !isContext(name) && !isActions(name))),
    contexts: Object.fromEntries(all.filter(([name]) => isContext(name))),
    actions: Object.fromEntries(all.filter(([name]) => isActions(name))),
  };
}

function hostVariables(folders: RunnerFolders, toInside: (path: string) => string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: toInside(folders.home),
    LANG: 'C.UTF-8',
    CI: 'true',
    ImageOS: 'ubuntu24',
    ImageVersion: '20260816.1.0',
  };
}

function githubVariables(
  options: JobOptions,
  folders: RunnerFolders,
  toInside: (path: string) => string,
): Record<string, string> {
  const { repository = 'octo-org/example', ref = 'refs/heads/main' } = options;
  const owner = repository.slice(0, repository.indexOf('/'));
  const refName = ref.replace(/^refs\/(?:heads|tags|pull)\//, '');
  const isPull = ref.startsWith('refs/pull/');
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '583231',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: isPull ? 'main' : '',
    GITHUB_EVENT_NAME: isPull ? 'pull_request' : 'push',
    GITHUB_EVENT_PATH: toInside(folders.eventPath),
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: isPull ? 'feature' : '',
    GITHUB_JOB: 'job',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: refName,
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: '1',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: SHA,
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'workflow',
    GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/workflow.yml@${ref}`,
    GITHUB_WORKFLOW_SHA: SHA,
    GITHUB_WORKSPACE: toInside(folders.workspace),
  };
}

function runnerVariables(
  options: JobOptions,
  folders: RunnerFolders,
  toInside: (path: string) => string,
): Record<string, string> {
  return {
    RUNNER_ARCH: ARCHITECTURES[process.arch] ?? process.arch.toUpperCase(),
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: toInside(folders.temp),
    RUNNER_TOOL_CACHE: toInside(folders.toolCache),
    RUNNER_WORKSPACE: toInside(folders.workspace.slice(0, folders.workspace.lastIndexOf('/'))),
    ...(options.debug === true ? { RUNNER_DEBUG: '1' } : {}),
  };
}

function actionsVariables({ cache }: JobOptions): Record<string, string> {
  if (cache === undefined) return {};
  return {
    ACTIONS_RESULTS_URL: cache.url,
    ACTIONS_RUNTIME_URL: cache.url,
    ACTIONS_RUNTIME_TOKEN: cache.token,
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ...(cache.mode === undefined ? {} : { ACTIONS_CACHE_MODE: cache.mode }),
  };
}

/** The webhook event of the job, as GITHUB_EVENT_PATH holds it. */
export function createEvent(options: JobOptions): object {
  const { repository = 'octo-org/example', ref = 'refs/heads/main' } = options;
  const [owner = '', name = ''] = repository.split('/');
  return {
    ref,
    repository: {
      id: 1_296_269,
      name,
      full_name: repository,
      private: false,
      fork: false,
      default_branch: 'main',
      owner: { login: owner },
    },
    sender: { login: 'octocat' },
    ...options.event,
  };
}
