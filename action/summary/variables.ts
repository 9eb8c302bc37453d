// Variables in names of images, as Dockerfiles and compose files write them.
// https://docs.docker.com/reference/dockerfile/#environment-replacement

/**
 * `$A`, `${A}`, `${A:-default}`, `${A-default}`, `${A:+other}` by what is known; undefined when something is not. A build may
 * give other values: whoever compares the names with what was pulled is not misled by that.
 */
export function substitute(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true;
  const replaced = text.replaceAll(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}$]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, operator: string | undefined, word = '') => {
      const value = values.get(plain ?? braced ?? '');
      const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
      if (operator?.endsWith('+') === true) return isSet ? String(word) : '';
      if (isSet && value !== undefined) return value;
      if (operator?.endsWith('-') === true) return String(word);
      isKnown = false;
      return '';
    },
  );
  return isKnown && !replaced.includes('$') ? replaced : undefined;
}
