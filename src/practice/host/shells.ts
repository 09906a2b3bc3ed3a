import {accessSync, constants, mkdirSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {absentPrograms, practicePrograms} from './programs.ts';

type ShellKind = 'bash' | 'zsh' | 'sh';

/** A program with its arguments, and what its environment needs beside the practice shell's. */
export type ShellCommand = {
	readonly argv: readonly [string, ...string[]];
	readonly env: Readonly<Record<string, string>>;
};

/** The learner's own shell, if it is one whose start-up files we know how to follow with ours; else sh. */
export function interactiveShell({SHELL: shell = ''}: NodeJS.ProcessEnv, folder: string): ShellCommand {
	const home = join(folder, 'home');
	switch (kindOf(shell)) {
		case 'bash':
			return {argv: [shell, '--rcfile', join(home, '.bashrc'), '-i'], env: {}};
		case 'zsh':
			return {argv: [shell, '-i'], env: {ZDOTDIR: home}};
		case 'sh':
			return {argv: ['/bin/sh', '-i'], env: {ENV: join(home, '.shrc')}};
	}
}

function kindOf(shell: string): ShellKind {
	const name = basename(shell);
	return (name === 'bash' || name === 'zsh') && isExecutable(shell) ? name : 'sh';
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** Hooks that would draw another prompt than the one that says where the learner is. */
const promptHooks: Readonly<Record<ShellKind, readonly string[]>> = {
	bash: ['unset PROMPT_COMMAND PS0'],
	zsh: ['unset -f precmd preexec 2>/dev/null', 'precmd_functions=() preexec_functions=() RPROMPT='],
	sh: [],
};

/** Where the shell stands, for the shell to fill in: another node, and whether as root. */
const node = `\${PRACTICE_NODE:+ $PRACTICE_NODE}`;
const root = `\${PRACTICE_ROOT:+ (root)}`;

const prompts: Readonly<Record<ShellKind, string>> = {
	bash: `PS1='practice${node} \\w${root}\\$ '`,
	zsh: `setopt prompt_subst; PROMPT='practice${node} %~${root}%# '`,
	sh: `PS1='practice${node} $PWD${root}$ '`,
};

/** Writes the start-up files of each shell: the learner's own first, then the practice settings, which so have the last word. */
export function writeStartFiles(folder: string, settings: string): void {
	const home = join(folder, 'home');
	mkdirSync(home, {recursive: true, mode: 0o700});
	const write = (name: string, kind: ShellKind, own: string): void => {
		const lines = [own, settings, ...forgetNames(kind), ...promptHooks[kind], prompts[kind]];
		writeFileSync(join(home, name), `${lines.filter(Boolean).join('\n')}\n`, {mode: 0o600});
	};
	write('.bashrc', 'bash', '[ ! -r ~/.bashrc ] || . ~/.bashrc');
	write('.zshrc', 'zsh', '[ ! -r ~/.zshrc ] || ZDOTDIR=$HOME . ~/.zshrc');
	write('.shrc', 'sh', '');
	// zsh reads it before .zshrc, and finds it only where ZDOTDIR says.
	writeFileSync(join(home, '.zshenv'), '[ ! -r ~/.zshenv ] || . ~/.zshenv\n', {mode: 0o600});
}

/** An alias or function `kubectl` of the learner's would go before PATH. */
function forgetNames(kind: ShellKind): readonly string[] {
	const names = [...practicePrograms, ...absentPrograms, 'calico-rr-wizard'].join(' ');
	if (kind === 'sh') return [];
	const word = kind === 'bash' ? 'unset -f "$_name"' : 'unfunction "$_name"';
	return [`for _name in ${names}; do unalias "$_name"; ${word}; done 2>/dev/null; unset _name`];
}
