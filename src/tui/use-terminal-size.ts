import {useStdout} from 'ink';
import {useEffect, useState} from 'react';

export type Size = {readonly columns: number; readonly rows: number};

/** What every terminal had before sizes could be asked for. */
const usual: Size = {columns: 80, rows: 24};

/** The terminal's size, followed as it changes. */
export function useTerminalSize(): Size {
	const {stdout} = useStdout();
	const [size, setSize] = useState(() => sizeOf(stdout));
	useEffect(() => {
		const follow = (): void => setSize(sizeOf(stdout));
		stdout.on('resize', follow);
		return () => {
			stdout.off('resize', follow);
		};
	}, [stdout]);
	return size;
}

function sizeOf({columns, rows}: NodeJS.WriteStream): Size {
	return {columns: columns || usual.columns, rows: rows || usual.rows};
}
