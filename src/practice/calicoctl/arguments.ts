/** An option of a command, as its usage text lists it. */
type Option = {readonly short?: string; readonly value?: true};

const common = {
	'--help': {short: '-h'},
	'--allow-version-mismatch': {},
	'--context': {value: true},
	'--config': {short: '-c', value: true},
	'--namespace': {short: '-n', value: true},
} as const satisfies Record<string, Option>;

const fromFile = {
	'--filename': {short: '-f', value: true},
	'--recursive': {short: '-R'},
	'--skip-empty': {},
} as const satisfies Record<string, Option>;

type Options = Readonly<Record<string, Option>>;

/** How the words of a command line may stand together. */
type Shape = (words: readonly string[], has: (option: string) => boolean) => boolean;

const fileOnly: Shape = (words, has) => words.length === 0 && has('--filename');
/** `( (<KIND> [<NAME>...]) | --filename=<FILENAME> [--recursive] [--skip-empty] )` */
const namesOrFile: Shape = (words, has) =>
	has('--filename') ? words.length === 0 : words.length > 0 && !has('--recursive') && !has('--skip-empty');
const nothing: Shape = words => words.length === 0;

type CommandSyntax = {readonly options: Options; readonly shape: Shape; readonly usage: string};

const context = '[--context=<context>] [--allow-version-mismatch]';
const settings = `[--config=<CONFIG>] [--namespace=<NS>] ${context}`;
const file = '--filename=<FILENAME> [--recursive] [--skip-empty]';

/** The commands of calicoctl 3.32.1 that the practice cluster knows, with the usage texts of its docopt. */
const commands: Readonly<Record<string, CommandSyntax>> = {
	get: {
		options: {
			...common,
			...fromFile,
			'--output': {short: '-o', value: true},
			'--all-namespaces': {short: '-A'},
			'--export': {},
		},
		shape: namesOrFile,
		usage: `  calicoctl get ( (<KIND> [<NAME>...]) |
                ${file} )
                [--output=<OUTPUT>] [--config=<CONFIG>] [--namespace=<NS>] [--all-namespaces] [--export] ${context}`,
	},
	apply: {
		options: {...common, ...fromFile},
		shape: fileOnly,
		usage: `  calicoctl apply ${file}\n                  ${settings}`,
	},
	create: {
		options: {...common, ...fromFile, '--skip-exists': {}},
		shape: fileOnly,
		usage: `  calicoctl create ${file}\n                   [--skip-exists] ${settings}`,
	},
	replace: {
		options: {...common, ...fromFile},
		shape: fileOnly,
		usage: `  calicoctl replace ${file}\n                    ${settings}`,
	},
	delete: {
		options: {...common, ...fromFile, '--skip-not-exists': {short: '-s'}},
		shape: namesOrFile,
		usage: `  calicoctl delete ( (<KIND> [<NAME>...]) |
                   --filename=<FILE> [--recursive] [--skip-empty] )
                   [--skip-not-exists] ${settings}`,
	},
	patch: {
		options: {...common, '--patch': {short: '-p', value: true}, '--type': {short: '-t', value: true}},
		shape: (words, has) => words.length === 2 && has('--patch'),
		usage: `  calicoctl patch <KIND> <NAME> --patch=<PATCH> [--type=<TYPE>] ${settings}`,
	},
	label: {
		options: {...common, '--overwrite': {}, '--remove': {}},
		shape: (words, has) => words.length === 3 && !(has('--overwrite') && has('--remove')),
		usage: `  calicoctl label (<KIND> <NAME>
  	              ( <key>=<value> [--overwrite] |
  	                <key> --remove )
                  [--config=<CONFIG>] [--namespace=<NS>] [--context=<context>]) [--allow-version-mismatch]`,
	},
	validate: {
		options: {'--help': common['--help'], '--allow-version-mismatch': {}, ...fromFile},
		shape: fileOnly,
		usage: `  calicoctl validate ${file} [--allow-version-mismatch]`,
	},
	version: {
		options: {
			'--help': common['--help'],
			'--allow-version-mismatch': {},
			'--config': common['--config'],
			'--poll': {value: true},
		},
		shape: nothing,
		usage: '  calicoctl version [--config=<CONFIG>] [--poll=<POLL>] [--allow-version-mismatch]',
	},
	'node status': {
		options: {'--help': common['--help'], '--allow-version-mismatch': {}},
		shape: nothing,
		usage: '  calicoctl node status [--allow-version-mismatch]',
	},
};

/** A command line that fits the command's usage. */
export type Arguments = {
	readonly words: readonly string[];
	has(option: string): boolean;
	value(option: string): string | undefined;
};

/** A command's usage section, as it is printed when a command line does not fit it. */
export function usageOf(command: string): string {
	return `Usage:\n${commands[command]?.usage ?? ''}\n`;
}

/** Reads a command line as docopt does; undefined where it does not fit the command's usage. */
export function parseArguments(command: string, argv: readonly string[]): Arguments | undefined {
	const syntax = commands[command];
	if (!syntax) return undefined;
	const read = readOptions(syntax.options, argv, false);
	if (!read) return undefined;
	const has = (option: string): boolean => read.given.has(option);
	if (!has('--help') && !syntax.shape(read.words, has)) return undefined;
	return {words: read.words, has, value: option => read.given.get(option)};
}

/** The words and options of a command line; with `wordsEnd` everything after the first word is a word. */
export function readOptions(
	options: Options,
	argv: readonly string[],
	wordsEnd: boolean,
): {readonly words: readonly string[]; readonly given: ReadonlyMap<string, string>} | undefined {
	const words: string[] = [];
	const given = new Map<string, string>();
	const rest = [...argv];
	const give = (name: string | undefined, attached: string | undefined): boolean => {
		const option = name === undefined ? undefined : options[name];
		if (name === undefined || !option || given.has(name)) return false;
		if (!option.value && attached !== undefined) return false;
		const value = option.value ? (attached ?? rest.shift()) : '';
		if (value === undefined) return false;
		given.set(name, value);
		return true;
	};
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		if (word === '--') return undefined;
		if (word.startsWith('--')) {
			const [name = '', ...parts] = word.split('=');
			if (!give(longOption(options, name), parts.length > 0 ? parts.join('=') : undefined)) return undefined;
		} else if (word.startsWith('-') && word !== '-') {
			// `-Rf -` and `-oyaml`: flags may be put together, and a value may follow at once.
			for (let letters = word.slice(1); letters !== ''; ) {
				const name = Object.keys(options).find(key => options[key]?.short === `-${letters[0]}`);
				const takesRest = name !== undefined && options[name]?.value === true && letters.length > 1;
				if (!give(name, takesRest ? letters.slice(1) : undefined)) return undefined;
				letters = takesRest ? '' : letters.slice(1);
			}
		} else {
			words.push(word);
			if (wordsEnd) words.push(...rest.splice(0));
		}
	}
	return {words, given};
}

/** docopt takes an unambiguous beginning of a long option for the option. */
function longOption(options: Options, name: string): string | undefined {
	if (Object.hasOwn(options, name)) return name;
	const similar = Object.keys(options).filter(key => key.startsWith(name));
	return similar.length === 1 ? similar[0] : undefined;
}
