/** A text in lines of so many characters, broken between words; a word that is longer keeps a line of its own. */
export function wrapText(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let current = '';
	for (const word of text.split(' ')) {
		const joined = current === '' ? word : `${current} ${word}`;
		if (joined.length <= width || current === '') current = joined;
		else {
			lines.push(current);
			current = word;
		}
	}
	return [...lines, current];
}
