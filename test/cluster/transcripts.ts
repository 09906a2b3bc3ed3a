import {readdirSync, readFileSync} from 'node:fs';

/** One command that ran on real Calico, and what it printed. */
export type TranscriptRow = {
	readonly file: string;
	/** Counted from 1. */
	readonly number: number;
	readonly argv: readonly string[];
	readonly stdin?: string;
	readonly exit: number;
	readonly stdout: string;
	readonly stderr: string;
};

const root = new URL('../transcripts/', import.meta.url);

/** The rows of one transcript: `etcd-v3.32.1/tutorial`. */
export function transcript(file: string): readonly TranscriptRow[] {
	return readFileSync(new URL(`${file}.jsonl`, root), 'utf8')
		.trim()
		.split('\n')
		.map((line, index) => ({...JSON.parse(line), file, number: index + 1}));
}

/** Every row of every transcript. */
export function allRows(): readonly TranscriptRow[] {
	return readdirSync(root, {recursive: true, encoding: 'utf8'})
		.filter(name => name.endsWith('.jsonl'))
		.sort()
		.flatMap(name => transcript(name.replace(/\.jsonl$/, '')));
}

/** The row of a transcript that this argv ran in. */
export function row(file: string, number: number): TranscriptRow {
	const found = transcript(file)[number - 1];
	if (found === undefined) throw new Error(`${file} has no row ${number}`);
	return found;
}
