import {printYaml} from '../calicoctl/print-yaml.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {sorted} from './print.ts';

/** What an API server, or kubectl, says of its version. */
export type ServerVersion = {
	readonly major: string;
	readonly minor: string;
	readonly gitVersion: string;
	readonly gitCommit: string;
	readonly gitTreeState: string;
	readonly buildDate: string;
	readonly goVersion: string;
	readonly compiler: string;
	readonly platform: string;
};

/** The kubectl whose words the practice cluster speaks. */
const client: ServerVersion = {
	major: '1',
	minor: '32+',
	gitVersion: 'v1.32.4-dispatcher',
	gitCommit: '4cb5f0764b8d5f425645c6f433394fede34a8a26',
	gitTreeState: 'clean',
	buildDate: '2025-05-15T20:09:34Z',
	goVersion: 'go1.23.8',
	compiler: 'gc',
	platform: 'linux/amd64',
};
const kustomizeVersion = 'v5.5.0';

/** `kubectl version`; without a server it says what it can, and then why not more. */
export function runVersion(options: Arguments, server: () => ServerVersion): Outcome {
	const output = options.value('output');
	if (output !== undefined && output !== 'json' && output !== 'yaml') {
		throw new Refusal("error: --output must be 'yaml' or 'json'");
	}
	const known = options.has('client') ? {} : ask(server);
	const versions = {clientVersion: client, kustomizeVersion, ...(known.version && {serverVersion: known.version})};
	const stdout = printVersions(versions, output);
	const errors = [...(known.error ? [known.error] : []), ...(known.version ? skewErrors(known.version) : [])];
	const warning = known.version && errors.length === 0 ? skewWarning(known.version) : '';
	return {stdout, stderr: warning, errors};
}

function ask(server: () => ServerVersion): {readonly version?: ServerVersion; readonly error?: Error} {
	try {
		return {version: server()};
	} catch (error) {
		if (error instanceof NotModelledError || !(error instanceof Error)) throw error;
		return {error};
	}
}

type Versions = {
	readonly clientVersion: ServerVersion;
	readonly kustomizeVersion: string;
	readonly serverVersion?: ServerVersion;
};

function printVersions(versions: Versions, output: string | undefined): string {
	if (output === 'json') return `${JSON.stringify(versions, null, 2)}\n`;
	if (output === 'yaml') return `${printYaml(sorted(versions))}\n`;
	const {clientVersion, serverVersion} = versions;
	const lines = [`Client Version: ${clientVersion.gitVersion}`, `Kustomize Version: ${kustomizeVersion}`];
	const server = serverVersion ? [`Server Version: ${serverVersion.gitVersion}`] : [];
	return [...lines, ...server].map(line => `${line}\n`).join('');
}

/** kubectl reads the server's version to compare it with its own; one without numbers it cannot read. */
function skewErrors({gitVersion}: ServerVersion): readonly Error[] {
	const rest = /^v\d+\.\d+\.\d+(.*)$/.exec(gitVersion)?.[1] ?? '';
	if (rest === '' || /^[-+][0-9A-Za-z.+-]+$/.test(rest)) return [];
	return [new Refusal(`error: could not parse pre-release/metadata (${rest}) in version "${gitVersion}"`)];
}

function skewWarning({gitVersion}: ServerVersion): string {
	const minorOf = (version: string): number => Number(/^v\d+\.(\d+)/.exec(version)?.[1]);
	const [own, other] = [minorOf(client.gitVersion), minorOf(gitVersion)];
	if (Math.abs(own - other) <= 1) return '';
	return `WARNING: version difference between client (1.${own}) and server (1.${other}) exceeds the supported minor version skew of +/-1\n`;
}

/** What an API server of that version says of itself. */
export function serverVersion(gitVersion: string): ServerVersion {
	const [, major = '1', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
	return {
		major,
		minor,
		gitVersion,
		gitCommit: '66452049f3d692768c39c797b21b793dce80314e',
		gitTreeState: 'clean',
		buildDate: '2025-12-17T12:32:07Z',
		goVersion: 'go1.25.5',
		compiler: 'gc',
		platform: 'linux/amd64',
	};
}
