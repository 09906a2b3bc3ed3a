/** What differs from one run to the next: times of day, durations, the journal's path, the pace. */
export function mask(screen: string): string {
	return (
		screen
			// A long path is wrapped anywhere.
			.replaceAll(/\/tmp\/[^ ]*?\.\s*j\s*s\s*o\s*n\s*l/g, '(journal)')
			.replaceAll(/\b\d\d:\d\d:\d\d\b/g, '(time)')
			.replaceAll(/ *\b(?:\d+ m )?\d+(?:\.\d)? s\b/g, ' (duration)')
			.replaceAll(/runs \d+ times/g, 'runs (speed) times')
			.replaceAll(/ +$/gm, '')
	);
}
