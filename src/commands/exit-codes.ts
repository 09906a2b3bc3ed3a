/** What each exit code says; help and README show this. */
export const exitCodes = [
	{code: 0, text: 'Done. plan --detailed-exitcode: there is nothing to change.'},
	{
		code: 1,
		text: 'Failed; the run went back, or said what is left. doctor: something blocks a migration. lab run: the lab is not solved.',
	},
	{code: 2, text: 'Wrong usage, or no terminal to ask on. plan --detailed-exitcode: there are changes.'},
	{code: 129, text: 'Ended by SIGHUP.'},
	{code: 130, text: 'Interrupted (Ctrl+C, SIGINT); a run under way went back first.'},
	{code: 143, text: 'Ended by SIGTERM.'},
] as const;

export const done = 0;
export const failed = 1;
export const interrupted = 130;
