import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {toAscii} from './glyphs.ts';
import {cutLine, type Line} from './text.ts';
import {styles} from './theme.ts';

type Props = {
	readonly lines: readonly Line[];
	readonly width: number;
	/** Whether symbols are drawn in ASCII. */
	readonly ascii: boolean;
};

/** Draws lines, each cut to the width: a line that wraps would push the frame beyond the screen. */
export function Lines({lines, width, ascii}: Props): ReactNode {
	return (
		<Box flexDirection="column">
			{lines.map((spans, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen and nothing else.
				<Text key={row} wrap="truncate">
					{spans.length === 0
						? ' '
						: cutLine(spans, width).map((each, index) => (
								// biome-ignore lint/suspicious/noArrayIndexKey: as above, within a line.
								<Text key={index} {...styles[each.style]}>
									{ascii ? toAscii(each.text) : each.text}
								</Text>
							))}
				</Text>
			))}
		</Box>
	);
}
