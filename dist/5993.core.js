export const id = 5993;
export const ids = [5993];
export const modules = {

/***/ 35993:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  I: () => (/* binding */ imagesOf)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/oci/reference.js
var reference = __webpack_require__(38242);
;// CONCATENATED MODULE: ./src/dockerfile/shell-pattern.js
function trimPattern(value, side, operator, word) {
    const isLongest = word.startsWith(operator);
    const pattern = isLongest ? word.slice(1) : word;
    const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
    for (const length of isLongest ? lengths.toReversed() : lengths) {
        const cut = side === 'start' ? length : value.length - length;
        const [head, tail] = [value.slice(0, cut), value.slice(cut)];
        if (matches(side === 'start' ? head : tail, pattern))
            return side === 'start' ? tail : head;
    }
    return value;
}
function replacePattern(value, pattern, replacement, isAll) {
    let out = '';
    let at = 0;
    while (at < value.length) {
        const length = longestMatch(value.slice(at), pattern);
        if (length === 0) {
            out += value.charAt(at++);
            continue;
        }
        out += replacement;
        at += length;
        if (!isAll)
            break;
    }
    return out + value.slice(at);
}
function longestMatch(value, pattern) {
    for (let length = value.length; length > 0; length--) {
        if (matches(value.slice(0, length), pattern))
            return length;
    }
    return 0;
}
function matches(value, pattern) {
    const signs = signsOf(pattern);
    let [at, sign, star, starAt] = [0, 0, -1, 0];
    while (at < value.length) {
        const wanted = signs[sign];
        if (wanted === '*') {
            star = sign++;
            starAt = at;
        }
        else if (wanted !== undefined && (wanted === '?' || wanted === `=${value.charAt(at)}`)) {
            sign += 1;
            at += 1;
        }
        else if (star >= 0) {
            sign = star + 1;
            at = ++starAt;
        }
        else
            return false;
    }
    return signs.slice(sign).every((rest) => rest === '*');
}
function signsOf(pattern) {
    return [...pattern.matchAll(/\\([^])|([^])/g)].map(([, escaped, plain]) => plain === '*' || plain === '?' ? plain : `=${escaped ?? plain ?? ''}`);
}

;// CONCATENATED MODULE: ./src/dockerfile/shell-words.js


function expandWord(text, options) {
    return new Lexer(text, options).read(undefined).text;
}
function splitWords(text, options) {
    return new Lexer(text, options).read(undefined).words;
}
class Words {
    text = '';
    #words = [];
    #word = '';
    add(piece) {
        this.text += piece;
        this.#word += piece;
    }
    split(piece) {
        this.text += piece;
        for (const sign of piece) {
            if (!/\s/.test(sign))
                this.#word += sign;
            else
                this.#end();
        }
    }
    finish() {
        this.#end();
        return { text: this.text, words: this.#words };
    }
    #end() {
        if (this.#word !== '')
            this.#words.push(this.#word);
        this.#word = '';
    }
}
class Lexer {
    #text;
    #options;
    #at = 0;
    constructor(text, options) {
        this.#text = text;
        this.#options = options;
    }
    read(stop, keepEscapes = this.#options.raw === true) {
        const words = new Words();
        for (;;) {
            const sign = this.#next();
            if (sign === '') {
                if (stop !== undefined)
                    throw new errors/* FormatError */.IF(`${this.#quoted()}: a ${stop} is missing`);
                return words.finish();
            }
            if (sign === stop)
                return words.finish();
            if (sign === "'")
                words.add(this.#singleQuoted());
            else if (sign === '"')
                words.add(this.#doubleQuoted(keepEscapes));
            else if (sign === '$')
                words.split(this.#variable());
            else if (sign === '<')
                words.add(this.#lessThan());
            else if (sign === this.#options.escape)
                words.add((keepEscapes ? sign : '') + this.#next());
            else
                words.split(sign);
        }
    }
    #next() {
        return this.#text.charAt(this.#at++);
    }
    #peek() {
        return this.#text.charAt(this.#at);
    }
    #take(pattern) {
        pattern.lastIndex = this.#at;
        const found = pattern.exec(this.#text)?.[0] ?? '';
        this.#at += found.length;
        return found;
    }
    #singleQuoted() {
        const end = this.#text.indexOf("'", this.#at);
        if (end === -1)
            throw new errors/* FormatError */.IF(`${this.#quoted()}: a single quote has no end`);
        const inner = this.#text.slice(this.#at, end);
        this.#at = end + 1;
        return this.#options.raw === true ? `'${inner}'` : inner;
    }
    #doubleQuoted(keepEscapes) {
        const { escape, raw } = this.#options;
        let inner = '';
        for (;;) {
            const sign = this.#next();
            if (sign === '')
                throw new errors/* FormatError */.IF(`${this.#quoted()}: a double quote has no end`);
            if (sign === '"')
                return raw === true ? `"${inner}"` : inner;
            if (sign === '$')
                inner += this.#variable();
            else if (sign !== escape)
                inner += sign;
            else {
                const isEscaped = ['"', '$', escape].includes(this.#peek());
                inner += (keepEscapes || (!isEscaped && this.#peek() !== '') ? sign : '') + (isEscaped ? this.#next() : '');
            }
        }
    }
    #lessThan() {
        return this.#peek() === '<' ? this.#next().padStart(2, '<') + this.#take(/[ \t\r]*/y) : '<';
    }
    #name() {
        return this.#take(/\d+|[@*#?\-$!]|[\p{L}_][\p{L}\d_]*/uy);
    }
    #variable() {
        const start = this.#at - 1;
        const { values } = this.#options;
        const isBraced = this.#peek() === '{';
        if (isBraced)
            this.#at += 1;
        if (isBraced && /^[{}:]?$/.test(this.#peek()))
            throw this.#badSubstitution(start);
        const name = this.#name();
        if (!isBraced && name === '')
            return '$';
        const value = values?.get(name);
        const result = isBraced ? this.#modified(name, value, start) : (value ?? '');
        return values === undefined ? this.#text.slice(start, this.#at) : result;
    }
    #modified(name, value, start) {
        let operator = this.#next();
        if (operator === '}')
            return value ?? '';
        const emptyIsUnset = operator === ':';
        if (emptyIsUnset)
            operator = this.#next();
        if (operator === '/' && !emptyIsUnset)
            return this.#replaced(value ?? '');
        const isPattern = operator === '#' || operator === '%';
        if (operator === '' || !'+-?#%'.includes(operator) || (emptyIsUnset && isPattern))
            throw this.#badSubstitution(start);
        const word = this.read('}', isPattern || this.#options.raw === true).text;
        const isSet = value !== undefined && !(emptyIsUnset && value === '');
        if (operator === '-')
            return isSet ? value : word;
        if (operator === '+')
            return isSet ? word : '';
        if (isPattern)
            return trimPattern(value ?? '', operator === '#' ? 'start' : 'end', operator, word);
        if (!isSet && this.#options.values !== undefined) {
            throw new errors/* FormatError */.IF(`${name}: ${word === '' ? 'it must be set' : word}`);
        }
        return value ?? '';
    }
    #replaced(value) {
        const isAll = this.#peek() === '/';
        if (isAll)
            this.#at += 1;
        const pattern = this.read('/', true).text;
        const replacement = this.read('}', true).text;
        return replacePattern(value, pattern, replacement, isAll);
    }
    #badSubstitution(start) {
        return new errors/* FormatError */.IF(`bad substitution: ${JSON.stringify(this.#text.slice(start, start + 40))}`);
    }
    #quoted() {
        return JSON.stringify(this.#text.slice(0, 100));
    }
}

;// CONCATENATED MODULE: ./src/dockerfile/build-args.js


function platformArgs({ platform, buildPlatform, targetStage, buildArgs }) {
    const values = new Map();
    for (const [prefix, { os, architecture, variant = '' }] of [
        ['BUILD', buildPlatform],
        ['TARGET', platform],
    ]) {
        const suffix = variant === '' ? {} : { variant };
        values.set(`${prefix}PLATFORM`, (0,oci_platform/* formatPlatform */.Bq)({ os, architecture, ...suffix }));
        values.set(`${prefix}OS`, os);
        values.set(`${prefix}OSVERSION`, '');
        values.set(`${prefix}ARCH`, architecture);
        values.set(`${prefix}VARIANT`, variant);
    }
    values.set('TARGETSTAGE', targetStage === '' ? 'default' : targetStage);
    for (const name of values.keys())
        values.set(name, buildArgs.get(name) ?? values.get(name) ?? '');
    return values;
}
function declareArgs({ rest, line }, values, buildArgs, escape) {
    const bad = [];
    for (const word of rawWords(rest, escape)) {
        const [, name = '', text] = /^([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
        const given = buildArgs.get(name);
        if (given !== undefined)
            values.set(name, given);
        else if (text !== undefined) {
            try {
                values.set(name, expandWord(text, { escape, values }));
            }
            catch (error) {
                bad.push({ line, what: `ARG ${name}: ${error instanceof Error ? error.message : String(error)}` });
            }
        }
    }
    return bad;
}
function rawWords(text, escape) {
    const other = escape === '`' ? String.raw `[^\s"'\x60]|\x60[^]?` : String.raw `[^\s"'\\]|\\[^]?`;
    const inQuotes = escape === '`' ? String.raw `(?:\x60[^]|[^"\x60])*` : String.raw `(?:\\[^]|[^"\\])*`;
    return text.match(new RegExp(`(?:${other}|"${inQuotes}"?|'[^']*'?)+`, 'g')) ?? [];
}

;// CONCATENATED MODULE: ./src/dockerfile/directives.js
const KNOWN = new Set(['syntax', 'escape', 'check']);
function escapeCharacter(lines) {
    const found = directives(lines.map((line) => line.trimStart()), '#').find(({ name }) => name === 'escape');
    return found?.value === '`' ? '`' : '\\';
}
function syntaxOf(text) {
    const all = text.replace(/^\uFEFF/, '').split('\n');
    const skipped = all[0]?.startsWith('#!') === true ? 1 : 0;
    const lines = all.slice(skipped);
    for (const comment of ['#', '//']) {
        const found = directives(lines, comment).find(({ name }) => name === 'syntax');
        if (found !== undefined)
            return syntax(found.value, found.line + skipped);
    }
    const value = jsonSyntax(lines.join('\n'));
    return value === undefined ? undefined : syntax(value, skipped + 1);
}
function syntax(cmdline, line) {
    return { image: cmdline.split(' ', 1)[0] ?? '', cmdline, line };
}
function jsonSyntax(text) {
    if (!text.trimStart().startsWith('{'))
        return undefined;
    try {
        const { syntax: value } = JSON.parse(text);
        return typeof value === 'string' ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function directives(lines, comment) {
    const found = [];
    for (const [index, line] of lines.entries()) {
        const match = line.startsWith(comment)
            ? /^\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line.slice(comment.length))
            : null;
        const name = match?.[1]?.toLowerCase() ?? '';
        if (!KNOWN.has(name) || found.some((before) => before.name === name))
            break;
        found.push({ name, value: match?.[2] ?? '', line: index + 1 });
    }
    return found;
}

;// CONCATENATED MODULE: ./src/dockerfile/instructions.js


function parseInstructions(text) {
    const lines = text
        .replace(/^\uFEFF/, '')
        .split('\n')
        .map((line) => line.replace(/\r+$/, ''));
    const escape = escapeCharacter(lines);
    const instructions = [];
    for (let index = 0; index < lines.length;) {
        const start = index;
        const { logical, next } = logicalLine(lines, index, escape);
        index = next;
        if (logical === '')
            continue;
        const instruction = parseInstruction(logical, start + 1, escape);
        instructions.push(instruction);
        for (const document of documentsOf(logical, instruction)) {
            const end = endOf(lines, index, document);
            if (end === undefined)
                return { escape, instructions, unended: start + 1 };
            index = end + 1;
        }
    }
    return { escape, instructions, unended: undefined };
}
function logicalLine(lines, first, escape) {
    const continued = escape === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
    const opening = (lines[first] ?? '').trimStart();
    let next = first + 1;
    if (opening.startsWith('#'))
        return { logical: '', next };
    let logical = opening.replace(continued, '$1');
    let isContinued = continued.test(opening);
    for (; isContinued && next < lines.length; next++) {
        const line = lines[next] ?? '';
        if (/^\s*(#|$)/.test(line))
            continue;
        logical += line.replace(continued, '$1');
        isContinued = continued.test(line);
    }
    return { logical: logical.trim(), next };
}
function parseInstruction(logical, line, escape) {
    const [, word = '', after = ''] = /^(\S+)\s*([^]*)$/.exec(logical) ?? [];
    const keyword = word.toUpperCase();
    if (keyword === 'ONBUILD' && after !== '')
        return { ...parseInstruction(after, line, escape), onBuild: true };
    return { keyword, ...takeFlags(after, escape), line, onBuild: false };
}
function takeFlags(text, escape) {
    const flags = [];
    let rest = text;
    while (rest.startsWith('--')) {
        const { word, length } = flagWord(rest, escape);
        rest = rest.slice(length).trimStart();
        if (word === '--')
            break;
        const [, name = '', value = ''] = /^--([^=]*)=?([^]*)$/.exec(word) ?? [];
        flags.push([name, value]);
    }
    return { flags, rest };
}
function flagWord(text, escape) {
    let word = '';
    let quote = '';
    let at = 0;
    for (; at < text.length; at++) {
        const sign = text.charAt(at);
        if (sign === quote)
            quote = '';
        else if (quote === '' && (sign === '"' || sign === "'"))
            quote = sign;
        else if (quote === '' && /\s/.test(sign))
            break;
        else
            word += sign === escape ? text.charAt(++at) : sign;
    }
    return { word, length: at };
}
function documentsOf(logical, { keyword, rest }) {
    if (!/^(RUN|COPY|ADD)$/.test(keyword) || !logical.includes('<<') || isJsonList(rest))
        return [];
    try {
        return splitWords(logical, { escape: '\\', raw: true }).flatMap((word) => {
            const [, dash, name] = /^\d*<<(-?)\s*([^<]+)$/.exec(word) ?? [];
            if (name === undefined)
                return [];
            const isOne = splitWords(name, { escape: '\\' }).length === 1;
            return isOne ? [{ end: expandWord(name, { escape: '\\' }), isIndented: dash === '-' }] : [];
        });
    }
    catch {
        return [];
    }
}
function isJsonList(text) {
    if (!text.startsWith('['))
        return false;
    try {
        const list = JSON.parse(text);
        return Array.isArray(list) && list.every((item) => typeof item === 'string');
    }
    catch {
        return false;
    }
}
function endOf(lines, from, { end, isIndented }) {
    for (let index = from; index < lines.length; index++) {
        const line = lines[index] ?? '';
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end)
            return index;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/dockerfile/named-contexts.js



function contextName(name) {
    try {
        return (0,reference/* familiarReference */.ZD)((0,reference/* parseReference */.F2)(name)).replace(/:latest$/, '');
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return name;
    }
}
class NamedContexts {
    #names = new Set();
    constructor(names) {
        for (const name of names) {
            const [, plain = name, platform] = /^([^]*?)(?:::([^:]+))?$/.exec(name) ?? [];
            this.#names.add(contextName(plain) + (platform === undefined ? '' : `::${normal(platform)}`));
        }
    }
    has(name, platform) {
        const own = contextName(name);
        return this.#names.has(own) || this.#names.has(`${own}::${(0,oci_platform/* formatPlatform */.Bq)(platform)}`);
    }
}
function normal(platform) {
    try {
        return (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* parsePlatform */.Y8)(platform));
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return platform;
    }
}

;// CONCATENATED MODULE: ./src/dockerfile/stages.js



function stageOf(from, context) {
    const { line, rest, flags } = from;
    const words = rest.split(/\s+/).filter((word) => word !== '');
    const [base = '', as = '', name] = words;
    const unresolved = [];
    const attempt = (act) => {
        try {
            return act();
        }
        catch (error) {
            if (!(error instanceof errors/* FormatError */.IF))
                throw error;
            unresolved.push({ line, what: `FROM ${rest}: ${error.message}` });
            return undefined;
        }
    };
    const isNamed = words.length === 3 && as.toLowerCase() === 'as';
    if (words.length !== 1 && !isNamed)
        unresolved.push({ line, what: `FROM ${rest}: not FROM IMAGE or FROM IMAGE AS NAME` });
    const image = attempt(() => requireText(expandWord(base, context)));
    const flag = flags.findLast(([flagName]) => flagName === 'platform')?.[1];
    const platform = flag === undefined ? context.platform : attempt(() => (0,oci_platform/* parsePlatform */.Y8)(requireText(expandWord(flag, context))));
    return {
        name: isNamed ? name?.toLowerCase() : undefined,
        base: unresolved.length === 0 ? image : undefined,
        line,
        platform: platform ?? context.platform,
        sources: [],
        unresolved,
    };
}
function requireText(text) {
    if (text === '')
        throw new errors/* FormatError */.IF('its variables have no values, which leaves nothing; give them with --build-arg');
    return text;
}
function sourcesOf({ keyword, flags, line, onBuild }) {
    const sources = [];
    const unresolved = [];
    for (const [flag, value] of flags) {
        const kind = keyword === 'COPY' && flag === 'from' ? 'copy' : keyword === 'RUN' && flag === 'mount' ? 'mount' : undefined;
        const name = kind === 'copy' ? value : kind === 'mount' ? mountSource(value) : undefined;
        if (kind === undefined || name === undefined || name === '')
            continue;
        if (/\$./.test(name))
            unresolved.push({ line, what: `${name}: BuildKit replaces no variables there; FROM ${name} AS stage does it` });
        else
            sources.push({ name, line, kind, onBuild });
    }
    return { sources, unresolved };
}
function mountSource(mount) {
    let from;
    for (const [, quoted, plain = ''] of mount.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
        const [, key = '', value = ''] = /^([^=]*)=?([^]*)$/.exec(quoted?.replaceAll('""', '"') ?? plain) ?? [];
        if (key.toLowerCase() === 'from')
            from = value;
    }
    return from;
}
function neededStages(stages, target) {
    const first = target === undefined ? stages.length - 1 : findStage(stages, target);
    const needed = new Set();
    const todo = first === undefined || first < 0 ? [] : [first];
    for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
        const stage = stages[index];
        if (stage === undefined || needed.has(index))
            continue;
        needed.add(index);
        const base = stage.base === undefined ? undefined : baseStage(stages, index, stage.base);
        if (base !== undefined)
            todo.push(base);
        for (const { name, kind } of stage.sources) {
            const source = sourceStage(stages, name, kind);
            if (source !== undefined)
                todo.push(source);
        }
    }
    return needed;
}
function baseStage(stages, index, base) {
    const found = stages.slice(0, index).findLastIndex(({ name }) => name === base);
    return found === -1 ? undefined : found;
}
function sourceStage(stages, name, kind) {
    if (kind === 'copy' && /^[+-]?\d+$/.test(name))
        return Number(name);
    const found = stages.findLastIndex((stage) => stage.name === name.toLowerCase());
    return found === -1 ? undefined : found;
}
function findStage(stages, target) {
    return sourceStage(stages, target, 'mount') ?? (/^\d+$/.test(target) ? Number(target) : undefined);
}

;// CONCATENATED MODULE: ./src/dockerfile/images.js








function imagesOf(text, options) {
    const parsed = parseInstructions(text);
    const platform = (0,oci_platform/* normalizePlatform */.FL)(options.platform);
    const { stages, unresolved } = readStages(parsed, { ...options, platform });
    const contexts = new NamedContexts(options.namedContexts ?? []);
    const drafts = stages.map((stage) => withoutReplaced(stage, contexts));
    const needed = options.everyStage === true ? new Set(drafts.keys()) : neededStages(drafts, options.target);
    const found = drafts.map((_, index) => (needed.has(index) ? usesOf(drafts, index, contexts, platform) : NOTHING));
    if (needed.size === 0 && options.target !== undefined) {
        unresolved.push({ line: 1, what: `there is no stage ${JSON.stringify(options.target)}` });
    }
    return {
        stages: stages.map(({ name, base, line }, index) => ({ name, base: base ?? '', line, needed: needed.has(index) })),
        uses: found.flatMap(({ uses }) => uses),
        unresolved: [...unresolved, ...found.flatMap((stage) => stage.unresolved)].sort((a, b) => a.line - b.line),
        syntax: syntaxOf(text),
    };
}
const NOTHING = { uses: [], unresolved: [] };
function readStages({ instructions, escape, unended }, options) {
    const { platform, buildPlatform = platform } = options;
    const buildArgs = new Map(Object.entries(options.buildArgs ?? {}));
    const targetStage = options.target ?? lastStageName(instructions);
    const values = platformArgs({ platform, buildPlatform: (0,oci_platform/* normalizePlatform */.FL)(buildPlatform), targetStage, buildArgs });
    const unresolved = [];
    const stages = [];
    for (const instruction of instructions) {
        const stage = stages.at(-1);
        if (instruction.keyword === 'FROM')
            stages.push(stageOf(instruction, { values, escape, platform }));
        else if (stage !== undefined)
            stages[stages.length - 1] = withSources(stage, instruction);
        else if (instruction.keyword === 'ARG')
            unresolved.push(...declareArgs(instruction, values, buildArgs, escape));
    }
    if (unended !== undefined)
        unresolved.push({ line: unended, what: 'a here-document has no end: what follows was not read' });
    return { stages, unresolved };
}
function lastStageName(instructions) {
    const last = instructions.findLast(({ keyword }) => keyword === 'FROM')?.rest ?? '';
    return /^\S+\s+as\s+(\S+)$/i.exec(last)?.[1]?.toLowerCase() ?? '';
}
function withSources(stage, instruction) {
    const { sources, unresolved } = sourcesOf(instruction);
    return {
        ...stage,
        sources: [...stage.sources, ...sources],
        unresolved: [...stage.unresolved, ...unresolved],
    };
}
function withoutReplaced(stage, contexts) {
    const isReplaced = stage.name !== undefined && contexts.has(stage.name, stage.platform);
    return isReplaced ? { ...stage, base: 'scratch', sources: [], unresolved: [] } : stage;
}
function usesOf(stages, index, contexts, platform) {
    const stage = stages[index];
    if (stage === undefined)
        return NOTHING;
    const uses = [];
    const unresolved = [...stage.unresolved];
    const add = (use) => {
        if (use.reference === 'scratch' || contexts.has(use.reference, use.platform))
            return;
        const why = whyNoReference(use.reference);
        if (why === undefined)
            uses.push(use);
        else
            unresolved.push({ line: use.line, what: why });
    };
    const { base, line } = stage;
    if (base !== undefined && baseStage(stages, index, base) === undefined) {
        add({ reference: base, line, kind: 'from', platform: stage.platform, onBuild: false });
    }
    for (const { name, ...place } of stage.sources) {
        const other = sourceStage(stages, name, place.kind);
        if (other === undefined)
            add({ reference: name, ...place, platform });
        else if (other < 0 || other >= stages.length)
            unresolved.push({ line: place.line, what: `there is no stage ${name}` });
    }
    return { uses, unresolved };
}
function whyNoReference(text) {
    try {
        (0,reference/* parseReference */.F2)(text);
        return undefined;
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return error.message;
    }
}


/***/ })

};
