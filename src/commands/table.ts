import {clusterId, names, oneOf, positive, speed, text, type ValueReader, whole} from './values.ts';

export type CommandName =
	| 'wizard'
	| 'plan'
	| 'apply'
	| 'resume'
	| 'rollback'
	| 'hold'
	| 'status'
	| 'doctor'
	| 'record'
	| 'replay'
	| 'predict'
	| 'practice'
	| 'lab'
	| 'completion'
	| 'help'
	| 'version';

export type CommandEntry = {
	/** The words that may follow the command's name at once, where there are only some. */
	readonly actions?: readonly string[];
	/** What else may follow, flags aside. */
	readonly positionals: string;
	readonly text: string;
};

/** All commands, in the order in which the help shows them. */
export const commands: Readonly<Record<CommandName, CommandEntry>> = {
	wizard: {positionals: '', text: 'Go through the whole migration on one screen after the other (the default).'},
	plan: {positionals: '', text: 'Show every change a migration would make, and make none.'},
	apply: {positionals: '', text: 'Migrate without the wizard; a failed step goes back by itself.'},
	resume: {positionals: '', text: 'Go on with a run that was killed or stopped, from what the cluster is now.'},
	rollback: {positionals: '', text: "Take an earlier run back, from its journal or the cluster's own note."},
	hold: {
		actions: ['status', 'clear'],
		positionals: '',
		text: 'Show the routes that a stopped run left held, or release them.',
	},
	status: {positionals: '', text: 'Show the BGP peers of every node.'},
	doctor: {positionals: '', text: 'Say whether this cluster can be migrated, and whether it should be.'},
	record: {positionals: '-- COMMAND', text: 'Run a command and keep every tool call and event of it in a file.'},
	replay: {positionals: 'FILE', text: 'Show a recorded run again, step by step, forwards and backwards, at any speed.'},
	predict: {positionals: '[FILE…]', text: 'Work out the BGP sessions of each node from YAML or JSON files alone.'},
	practice: {
		actions: ['shell', 'run', 'stop'],
		positionals: '[-- COMMAND…]',
		text: 'Open a shell whose calicoctl, kubectl and ssh work on a practice cluster, or run one command there.',
	},
	lab: {
		actions: ['list', 'start', 'run', 'new'],
		positionals: '[NAME]',
		text: 'Learn route reflectors by doing: labs on the practice cluster, with checks and hints.',
	},
	completion: {
		actions: ['bash', 'zsh', 'fish'],
		positionals: '',
		text: 'Print a completion script for a shell.',
	},
	help: {positionals: '[COMMAND]', text: 'Explain the program, or one command.'},
	version: {positionals: '', text: 'Print the version.'},
};

/** How a command is written in a usage line, its flags aside: `list|start|run|new [NAME]`; '' for one that stands alone. */
export function wordsAfter(command: CommandName): string {
	const {actions, positionals} = commands[command];
	return [actions?.join('|'), positionals].filter(Boolean).join(' ');
}

type Shared = {
	readonly text: string;
	readonly short?: string;
	/** What holds where the flag is not given, in words. */
	readonly default?: string;
	readonly commands: readonly CommandName[];
};

/** A flag that is there or not. */
export type Switch = Shared & {readonly argument?: never};

/** A flag with a value. */
export type Valued<T> = Shared & {
	readonly argument: string;
	readonly value: ValueReader<T>;
	/** Environment variable that gives the value where the flag is not given. */
	readonly variable?: string;
	/** `--flag` alone is allowed too and means this text. */
	readonly alone?: string;
	/** May be given several times. */
	readonly several?: true;
	/** The value is a file or folder, for completion. */
	readonly path?: true;
};

export type Flag = Switch | Valued<unknown>;

const everywhere = Object.keys(commands) as readonly CommandName[];
/** Commands that work on a cluster, through tools. */
export const onCluster: readonly CommandName[] = [
	'wizard',
	'plan',
	'apply',
	'resume',
	'rollback',
	'hold',
	'status',
	'doctor',
];
const onPractice: readonly CommandName[] = [...onCluster, 'practice'];
const choosing: readonly CommandName[] = ['wizard', 'plan', 'apply', 'doctor'];
const changing: readonly CommandName[] = ['wizard', 'apply', 'resume', 'rollback'];

/** All flags: parsing, help, README's table and the completion scripts are made from this. */
export const flags = {
	reflectors: {
		argument: 'A,B,C',
		value: names,
		text: 'Nodes that become route reflectors.',
		default: 'asked for; on the practice cluster the proposed three',
		commands: choosing,
	},
	order: {
		argument: 'safe|tutorial',
		value: oneOf('safe', 'tutorial'),
		text: 'Order of the writes: the one that loses least, or that of "Calico the hard way".',
		default: 'safe',
		commands: choosing,
	},
	'cluster-id': {
		argument: 'ID|per-node',
		value: clusterId,
		text: 'Cluster ID that all reflectors share, or per-node: each its own BGP address.',
		default: '224.0.0.1',
		commands: choosing,
	},
	label: {
		argument: 'KEY',
		value: text('a label key'),
		text: 'Key of the label that marks a reflector.',
		default: 'calico-route-reflector',
		commands: choosing,
	},
	canary: {
		argument: 'NODE',
		value: text("a node's name"),
		text: 'Client on which the mesh is switched off in BIRD for a moment, to see that all routes stay, before it goes for all.',
		default: 'none',
		commands: ['wizard', 'plan', 'apply'],
	},
	'no-hold': {
		text: 'Do not hold the pod routes while sessions move: pods on a converting node are cut off for some seconds.',
		default: 'routes are held wherever commands can be run on the nodes',
		commands: [...choosing, 'resume', 'rollback'],
	},
	probe: {
		text: 'Ping from node to node during the whole run, and say at the end which pair lost how many milliseconds.',
		commands: ['wizard', 'plan', 'apply', 'resume', 'rollback'],
	},
	yes: {text: 'Do not ask before changing the cluster.', commands: changing},
	'gate-timeout': {
		argument: 'SECONDS',
		value: positive,
		text: 'How long a gate waits after the last session came up before the run goes back.',
		default: '60',
		commands: changing,
	},
	'detailed-exitcode': {text: 'Exit with 2 where there is something to change, 0 where not.', commands: ['plan']},
	save: {
		argument: 'DIR',
		value: text('a folder'),
		path: true,
		text: 'Write the plan to a folder as YAML files.',
		commands: ['plan'],
	},
	journal: {
		argument: 'PATH',
		value: text('a file'),
		path: true,
		text: 'Journal of the run to go on with or take back.',
		default: "this cluster's newest that is not taken back; without one, the note on the cluster's BGPPeers",
		commands: ['resume', 'rollback'],
	},
	state: {
		argument: 'up|not-up',
		value: oneOf('up', 'not-up'),
		text: 'Only peers that are Established, or only those that are not, and nodes that could not be seen.',
		default: 'all',
		commands: ['status'],
	},
	sort: {
		argument: 'name|trouble',
		value: oneOf('name', 'trouble'),
		text: 'Order of the nodes: by name, or those first that could not be seen or have most peers that are not up.',
		default: 'as the cluster lists them',
		commands: ['status'],
	},
	watch: {text: 'Go on looking and show what changes.', commands: ['status']},
	file: {
		short: 'f',
		argument: 'FILE',
		value: text('a file'),
		path: true,
		several: true,
		text: 'File with Calico resources; - reads standard input.',
		commands: ['predict'],
	},
	node: {argument: 'NAME', value: text("a node's name"), text: 'Only this node.', commands: ['status', 'predict']},
	output: {
		argument: 'FILE',
		value: text('a file'),
		path: true,
		text: 'File that the recording is written to; there must be none of that name yet.',
		default: '$XDG_STATE_HOME/calico-rr-wizard/recordings, named by the time',
		commands: ['record'],
	},
	practice: {
		argument: 'N',
		alone: '5',
		value: whole(1, 10_000),
		text: 'Use the built-in practice cluster, with N nodes.',
		default: '5 nodes; also where neither kubectl nor calicoctl is set up',
		commands: onPractice,
	},
	engine: {
		argument: 'model|bird',
		value: oneOf('model', 'bird'),
		text: "What the practice cluster's nodes run: a model of BIRD, or real BIRD 1.6 in network namespaces (Linux, as root).",
		default: 'model',
		commands: [...onPractice, 'lab'],
	},
	speed: {
		argument: 'N|jump',
		value: speed,
		text: 'How much faster than real time the practice cluster or a replay runs; jump skips all waiting.',
		default: '1 on a terminal or with --engine bird, else 10; for replay --json jump',
		commands: [...onPractice, 'replay', 'lab'],
	},
	seed: {
		argument: 'N',
		value: whole(0, 4_294_967_295),
		text: "Seed of the practice cluster's chance.",
		default: '1',
		commands: onPractice,
	},
	'practice-api': {
		argument: 'v1|aggregated|native',
		value: oneOf('v1', 'aggregated', 'native'),
		text: 'API that the practice cluster keeps Calico in, seen with --via kubectl.',
		default: 'v1',
		commands: onPractice,
	},
	labs: {
		argument: 'DIR',
		value: text('a folder'),
		path: true,
		text: 'Folder with labs; lab new writes there.',
		default: "the program's own labs; lab new: this folder",
		commands: ['lab'],
	},
	script: {
		argument: 'FILE',
		value: text('a file'),
		path: true,
		text: 'Shell script that lab run works through before it checks.',
		default: 'none: the lab as it starts',
		commands: ['lab'],
	},
	keep: {
		text: 'Let the practice cluster outlive its shell; the next practice shell, or lab start of the same lab, finds it, and practice stop ends it.',
		commands: ['practice', 'lab'],
	},
	via: {
		argument: 'kubectl|calicoctl',
		value: oneOf('kubectl', 'calicoctl'),
		text: 'Tool that reads and changes the cluster.',
		variable: 'CALICO_RR_WIZARD_VIA',
		default: '$CALICO_RR_WIZARD_VIA, else calicoctl where it is set up for etcd, else kubectl, else calicoctl',
		commands: onPractice,
	},
	calicoctl: {
		argument: 'PATH',
		value: text('a program'),
		path: true,
		text: 'The calicoctl to run.',
		default: 'the one on PATH',
		commands: onCluster,
	},
	'calicoctl-config': {
		argument: 'FILE',
		value: text('a file'),
		path: true,
		text: "calicoctl's configuration file (its --config).",
		default: "calicoctl's own",
		commands: onCluster,
	},
	context: {
		argument: 'NAME',
		value: text('a name'),
		text: 'kubeconfig context (--context of kubectl and calicoctl).',
		default: 'the current one',
		commands: onCluster,
	},
	kubeconfig: {
		argument: 'FILE',
		value: text('a file'),
		path: true,
		text: "kubectl's configuration file (its --kubeconfig).",
		default: "kubectl's own",
		commands: onCluster,
	},
	live: {
		argument: 'exec|node-status',
		value: oneOf('exec', 'node-status'),
		text: "How kubectl sees the nodes' BIRD: by kubectl exec, or by CalicoNodeStatus objects.",
		default: 'exec where it is allowed, else node-status',
		commands: onCluster,
	},
	'allow-version-mismatch': {
		text: 'Let calicoctl work on a cluster of another version (its --allow-version-mismatch).',
		commands: onCluster,
	},
	'node-shell': {
		argument: 'TEMPLATE',
		value: text("a command with {node} and {command}, such as 'ssh {node} sudo {command}'"),
		text: "Command that runs {command} on {node}, to see every node's BIRD and routes.",
		variable: 'CALICO_RR_WIZARD_NODE_SHELL',
		default:
			'$CALICO_RR_WIZARD_NODE_SHELL, else kubectl exec; with calicoctl none: only the node this runs on can be seen',
		commands: onCluster,
	},
	json: {
		text: 'Print JSON; one event a line from apply, resume, rollback, replay and status --watch.',
		commands: ['plan', 'apply', 'resume', 'rollback', 'hold', 'status', 'doctor', 'replay', 'predict', 'lab'],
	},
	plain: {
		text: 'Ask one question after the other and redraw nothing; for screen readers.',
		default: 'where TERM=dumb or INK_SCREEN_READER is set',
		commands: ['wizard', 'apply', 'resume', 'rollback', 'status', 'replay', 'lab'],
	},
	help: {short: 'h', text: 'Explain the command.', commands: everywhere},
	version: {short: 'V', text: 'Print the version.', commands: everywhere},
} satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof flags;

type ValueOf<F> = F extends {value: ValueReader<infer T>} ? (F extends {several: true} ? readonly T[] : T) : true;

/** The flags that were given, read. */
export type Options = {readonly [Name in FlagName]?: ValueOf<(typeof flags)[Name]>};

/** The table's entries with the general type, for code that walks it. */
export const flagEntries = Object.entries(flags) as ReadonlyArray<readonly [FlagName, Flag]>;

/** The flags a command knows, in the table's order. */
export function flagsOf(command: CommandName): ReadonlyArray<readonly [FlagName, Flag]> {
	return flagEntries.filter(([, flag]) => flag.commands.includes(command));
}

/** How a flag is written in a usage line: `--practice[=N]`, `-f, --file FILE`. */
export function spelling(name: FlagName, flag: Flag): string {
	const long = `--${name}${flag.argument === undefined ? '' : flag.alone === undefined ? ` ${flag.argument}` : `[=${flag.argument}]`}`;
	return flag.short ? `-${flag.short}, ${long}` : long;
}
