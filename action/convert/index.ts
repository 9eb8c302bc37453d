// `uses: OWNER/lazypull/action/convert@v1`: images of others become lazily pullable ones in a registry of the user's.
import { endGroup, error as annotate, info, setFailed, setOutput, startGroup, summary, warning } from '@actions/core';
import { loadConfig } from '../../src/config.ts';
import { describeError } from '../../src/errors.ts';
import type { ConvertResult } from '../../src/optimize/convert-model.ts';
import { familiarReference } from '../../src/oci/reference.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { registryOptions } from '../../src/registry/from-config.ts';
import { version } from '../../src/version.ts';
import { findRootWay } from '../host.ts';
import { lazypullCommand } from '../lazypull-command.ts';
import { convertItems } from './convert-items.ts';
import { readConvertInputs, type ConvertInputs } from './inputs.ts';
import type { Outcome } from './model.ts';
import { markOf } from './recipe.ts';
import { countText, outcomeLines, outcomeTitle, shownLine, summaryText } from './report.ts';

// The runner sends SIGINT, then SIGTERM, before it kills: what was begun ends by itself.
const cancelled = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => cancelled.abort(new Error('the step was cancelled')));
}

try {
  const inputs = readConvertInputs();
  await finish(await convertAll(inputs), inputs);
} catch (error) {
  setFailed(describeError(error));
}

async function convertAll(inputs: ConvertInputs): Promise<Outcome[]> {
  const { items, recipe, force, parallel, failOnError } = inputs;
  const mark = await markOf(recipe);
  await using client = new RegistryClient(registryOptions(loadConfig().config.registry, `lazypull/${version}`));
  return await convertItems(items, {
    recipe,
    mark,
    force,
    parallel,
    command: lazypullCommand(),
    rootWay: recipe.optimize ? await findRootWay() : 'none',
    client,
    onLine: (item, line) => info(shownLine(familiarReference(item.source), line)),
    onDone: (outcome, result) => tell(outcome, result, failOnError),
    signal: cancelled.signal,
  });
}

/** Groups can't be in each other, so an image has its own once it is done. */
function tell(outcome: Outcome, result: ConvertResult | undefined, isError: boolean): void {
  startGroup(outcomeTitle(outcome));
  for (const line of outcomeLines(outcome, result)) info(line);
  endGroup();
  if (outcome.error === undefined) return;
  (isError ? annotate : warning)(outcome.error, { title: `${outcome.source} was not converted` });
}

async function finish(outcomes: readonly Outcome[], inputs: ConvertInputs): Promise<void> {
  setOutput('images', JSON.stringify(outcomes));
  setOutput('changed', String(outcomes.some(({ changed }) => changed)));
  info(countText(outcomes));
  if (inputs.summary) await summary.addRaw(summaryText(outcomes), true).write();
  const failed = outcomes.filter(({ status }) => status === 'failed');
  if (failed.length > 0 && inputs.failOnError) {
    setFailed(`${failed.length} of ${outcomes.length} images: ${failed.map(({ source }) => source).join(', ')}`);
  }
}
