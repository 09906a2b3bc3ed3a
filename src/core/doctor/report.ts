import type {Finding, FindingState} from './types.ts';
import {counted} from './words.ts';

export type Verdict = 'pass' | 'warn' | 'block';

/** The worst of the findings; what is unknown is no pass, but does not stop anybody either. */
export function verdictOf(findings: readonly Finding[]): Verdict {
	if (findings.some(finding => finding.state === 'block')) return 'block';
	return findings.every(finding => finding.state === 'pass') ? 'pass' : 'warn';
}

/** What `doctor --json` prints. */
export type DoctorReport = {
	readonly schemaVersion: 1;
	readonly findings: readonly Finding[];
	readonly verdict: Verdict;
};

export function doctorReport(findings: readonly Finding[]): DoctorReport {
	return {
		schemaVersion: 1,
		findings: findings.map(({id, title, state, reason, next}) => ({id, title, state, reason, next})),
		verdict: verdictOf(findings),
	};
}

const symbols: Readonly<Record<FindingState, string>> = {pass: '✔', warn: '!', block: '✖', unknown: '?'};
const indent = ' '.repeat(10);

/**
 * The findings as lines: symbol, word, id and title, then the reason, then what to do. The texts hold names from the
 * cluster: whoever puts them on a screen must sanitize each line.
 */
export function doctorLines(findings: readonly Finding[]): readonly string[] {
	return findings.flatMap(({id, title, state, reason, next}) => [
		`${symbols[state]} ${state.padEnd(indent.length - 2)}${title} (${id})`,
		`${indent}${reason}`,
		...next.map(each => `${indent}> ${each}`),
	]);
}

const sentences: Readonly<Record<Verdict, string>> = {
	pass: 'Nothing speaks against a migration.',
	warn: 'A migration is possible; read the warnings, and what is not known.',
	block: 'A migration cannot start before this is mended.',
};

/** How it ended, in one line: `2 block, 1 warn, 3 unknown, 20 pass. A migration cannot …`. */
export function verdictLine(findings: readonly Finding[]): string {
	const counts = (['block', 'warn', 'unknown', 'pass'] as const).flatMap(state => {
		const count = findings.filter(finding => finding.state === state).length;
		return count > 0 ? [`${count} ${state}`] : [];
	});
	return `${counted(findings.length, 'check')}: ${counts.join(', ')}. ${sentences[verdictOf(findings)]}`;
}
