import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** One command that was run on real Calico, and what it printed. */
export type TranscriptRow = {
	/** Seconds since the transcript began. */
	readonly at: number;
	readonly argv: readonly string[];
	readonly stdin?: string;
	readonly exit: number;
	readonly stdout: string;
	readonly stderr: string;
};

const root = join(import.meta.dirname, '../transcripts');

/** The transcripts of a folder, by name. */
export function transcriptNames(folder: string): readonly string[] {
	return readdirSync(join(root, folder))
		.filter(name => name.endsWith('.jsonl'))
		.sort()
		.map(name => `${folder}/${name}`);
}

export function readTranscript(name: string): readonly TranscriptRow[] {
	return readFileSync(join(root, name), 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as TranscriptRow);
}

const masks: ReadonlyArray<readonly [RegExp, string]> = [
	[/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, 'TIMESTAMP'],
	[/\b\d{2}:\d{2}:\d{2}\b/g, 'HH:MM:SS'],
	[/("?uid"?: )"?[0-9a-f-]+"?/g, '$1UID'],
	[/("?resourceVersion"?: )"\d+"/g, '$1"N"'],
	[/0x[0-9a-f]+/g, '0xPOINTER'],
];

/** A text without what no two runs have in common: times, uids, revisions, pointers. */
export function masked(text: string): string {
	return masks.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text);
}

/** Whether a text is a long usage text, of which only the first line is compared. */
export function isLongUsage(text: string): boolean {
	return text.includes('Usage:\n') && text.split('\n').length > 10;
}
