import {UserError} from '../core/user-error.ts';
import {loadLabs} from '../lab/load.ts';
import type {Command} from './command.ts';
import {ownLabs} from './program-files.ts';
import {type CommandName, commands, type Flag, type FlagName, flagEntries, flagsOf, onCluster} from './table.ts';

const program = 'calico-rr-wizard';
const shells = {bash, zsh, fish} as const;
/** What lab starts and runs: it takes a lab's name. */
const onLab = ['start', 'run'] as const;

/** `completion bash|zsh|fish`: a script made from the table of commands and flags. */
export const completion: Command = async ({positionals}, io) => {
	const [shell, ...more] = positionals;
	if (shell === undefined || more.length > 0 || !Object.hasOwn(shells, shell)) {
		throw new UserError('completion needs one of bash, zsh, fish.', {
			next: [`For bash: source <(${program} completion bash)`],
		});
	}
	const labs = await loadLabs(ownLabs());
	io.write(shells[shell as keyof typeof shells](labs.map(({name}) => name)));
	return 0;
};

const names = Object.keys(commands).filter(name => name !== 'wizard') as CommandName[];
const valuesOf = (flag: Flag): readonly string[] => (flag.argument === undefined ? [] : (flag.value.values ?? []));
const spellings = (name: FlagName, flag: Flag): readonly string[] => [
	`--${name}`,
	...(flag.short ? [`-${flag.short}`] : []),
];
const words = (command: CommandName): string =>
	[...(commands[command].actions ?? []), ...flagsOf(command).flatMap(([name, flag]) => spellings(name, flag))].join(
		' ',
	);

/** Flags whose value is a file, and flags whose values are known: what follows them is completed so. */
function valueCases(indent: string, file: string, list: (values: string) => string): string {
	return flagEntries
		.flatMap(([name, flag]) => {
			if (flag.argument === undefined || flag.alone !== undefined) return [];
			const values = valuesOf(flag).join(' ');
			const pattern = spellings(name, flag).join('|');
			return [`${indent}${pattern}) ${flag.path ? file : list(values)} ;;`];
		})
		.join('\n');
}

function bash(labs: readonly string[]): string {
	return `# ${program}: completion for bash
_calico_rr_wizard() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=wizard each words
	for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $each in record) command=record ;; ${names.filter(name => name !== 'record').join('|')}) command=$each; break ;; esac
	done
	case $before in
${valueCases('\t\t', 'COMPREPLY=($(compgen -f -- "$word")); return', values => `COMPREPLY=($(compgen -W '${values}' -- "$word")); return`)}
	esac
	case $command:$before in
		${onLab.map(action => `lab:${action}`).join('|')}) COMPREPLY=($(compgen -W '${labs.join(' ')}' -- "$word")); return ;;
	esac
	case $command in
		wizard) words='${names.join(' ')} ${words('wizard')}' ;;
		help) words='${names.join(' ')} ${words('help')}' ;;
		record) words='-- ${names.filter(name => onCluster.includes(name)).join(' ')} ${words('record')}' ;;
${names
	.filter(name => name !== 'help' && name !== 'record')
	.map(name => `\t\t${name}) words='${words(name)}' ;;`)
	.join('\n')}
	esac
	COMPREPLY=($(compgen -W "$words" -- "$word"))
	case $command in predict|replay) COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}
complete -F _calico_rr_wizard ${program}
`;
}

function zsh(labs: readonly string[]): string {
	return `#compdef ${program}
# ${program}: completion for zsh
autoload -U +X bashcompinit && bashcompinit
${bash(labs)}`;
}

function fish(labs: readonly string[]): string {
	const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
	const none = '__fish_use_subcommand';
	const commandLines = names.map(
		name => `complete -c ${program} -f -n ${none} -a ${name} -d ${quote(commands[name].text)}`,
	);
	const flagLines = flagEntries.map(([name, flag]) => {
		const others = flag.commands.filter(each => each !== 'wizard').join(' ');
		const seen = `__fish_seen_subcommand_from ${others}`;
		const when = flag.commands.includes('wizard') ? `${none}; or ${seen}` : seen;
		const values = valuesOf(flag).join(' ');
		const value =
			flag.argument === undefined || flag.alone !== undefined
				? ''
				: flag.path
					? ' -r -F'
					: ` -x${values ? ` -a ${quote(values)}` : ''}`;
		return `complete -c ${program} -n ${quote(when)} -l ${name}${flag.short ? ` -s ${flag.short}` : ''}${value} -d ${quote(flag.text)}`;
	});
	const actionLines = names.flatMap(name => {
		const actions = commands[name].actions?.join(' ');
		if (!actions) return [];
		const when = `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${actions}`;
		return [`complete -c ${program} -f -n ${quote(when)} -a ${quote(actions)}`];
	});
	const onLabs = `__fish_seen_subcommand_from lab; and __fish_seen_subcommand_from ${onLab.join(' ')}`;
	const labLine = `complete -c ${program} -f -n ${quote(onLabs)} -a ${quote(labs.join(' '))}`;
	const head = `# ${program}: completion for fish`;
	return [head, ...commandLines, ...flagLines, ...actionLines, labLine, ''].join('\n');
}
