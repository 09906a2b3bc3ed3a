import {access, constants, readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import type {Context} from '../cluster/kubectl/contexts.ts';
import {isObject} from '../core/json.ts';
import type {Options} from './table.ts';
import {toldTool} from './told-tool.ts';
import {parseYaml} from './yaml-documents.ts';

/** The tool that works for us, or why there is none. */
export type Chosen =
	| {
			readonly tool: 'kubectl' | 'calicoctl';
			/** Whether a flag named the cluster or the tool; otherwise the surroundings did. */
			readonly named: boolean;
			/** What kubectl is set up for, where that was asked. */
			readonly contexts?: readonly Context[];
	  }
	| {readonly tool: null; readonly why: string; readonly contexts: readonly Context[]};

/** What the choice looks at; kubectl's contexts are asked for only where they matter. */
export type Surroundings = {
	readonly env: NodeJS.ProcessEnv;
	readonly readContexts: () => Promise<readonly Context[]>;
};

/**
 * The tool that flags and surroundings ask for: `--via`, else calicoctl where it is set up for etcd, which kubectl
 * cannot reach, else kubectl, else calicoctl.
 * @throws UserError (exit code 2) where flags of both tools are given.
 */
export async function chooseTool(options: Options, {env, readContexts}: Surroundings): Promise<Chosen> {
	const told = toldTool(options);
	if (told !== undefined) return {tool: told, named: true};
	const named = options.context !== undefined || options['node-shell'] !== undefined;
	const [hasKubectl, hasCalicoctl] = await Promise.all([isOnPath('kubectl', env), isOnPath('calicoctl', env)]);
	if (hasCalicoctl && (await isSetUpForEtcd(env))) return {tool: 'calicoctl', named};
	const contexts = hasKubectl ? await readContexts() : [];
	// In a pod kubectl has no configuration and uses the pod's service account.
	const isReady = contexts.some(({current}) => current) || Boolean(env.KUBERNETES_SERVICE_HOST);
	if (hasKubectl && (isReady || options.context !== undefined)) return {tool: 'kubectl', named, contexts};
	const missing = hasCalicoctl ? await whyNotCalicoctl(env) : 'there is no calicoctl on PATH';
	if (missing === undefined || named)
		return {tool: hasCalicoctl || !hasKubectl ? 'calicoctl' : 'kubectl', named, contexts};
	const why = hasKubectl
		? `kubectl has no current context, and ${missing}`
		: hasCalicoctl
			? `there is no kubectl on PATH, and ${missing}`
			: 'there is neither kubectl nor calicoctl on PATH';
	return {tool: null, why, contexts};
}

/** calicoctl's settings (libcalico-go/lib/apiconfig/load.go): each name also counts with `CALICO_` before it. */
function setting(env: NodeJS.ProcessEnv, name: string): string {
	return env[name] || env[`CALICO_${name}`] || '';
}

const defaultConfigFile = '/etc/calico/calicoctl.cfg';

/** Where the type is not said, calicoctl takes etcd if it knows endpoints, else Kubernetes. Its file goes first. */
async function isSetUpForEtcd(env: NodeJS.ProcessEnv): Promise<boolean> {
	const file = await readConfigFile();
	const type = file ? file.datastoreType : setting(env, 'DATASTORE_TYPE');
	const endpoints = file ? file.etcdEndpoints : setting(env, 'ETCD_ENDPOINTS');
	return type ? type === 'etcdv3' : Boolean(endpoints);
}

async function readConfigFile(): Promise<Readonly<Record<string, unknown>> | undefined> {
	try {
		const [config] = parseYaml(await readFile(defaultConfigFile, 'utf8'), defaultConfigFile);
		return isObject(config) && isObject(config.spec) ? config.spec : {};
	} catch {
		// No file, or one that calicoctl itself will refuse in its own words.
		return undefined;
	}
}

const settings = ['DATASTORE_TYPE', 'ETCD_ENDPOINTS', 'KUBECONFIG', 'K8S_API_ENDPOINT'] as const;

/** Why calicoctl cannot be used, as half a sentence; undefined where it seems to be set up. */
async function whyNotCalicoctl(env: NodeJS.ProcessEnv): Promise<string | undefined> {
	if (settings.some(name => setting(env, name))) return undefined;
	const files = [defaultConfigFile, join(env.HOME || homedir(), '.kube', 'config')];
	const configured = await Promise.all(files.map(file => isThere(file, constants.R_OK)));
	return configured.includes(true) ? undefined : 'calicoctl is not configured';
}

async function isOnPath(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
	const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
	const found = await Promise.all(folders.map(folder => isThere(join(folder, program), constants.X_OK)));
	return found.includes(true);
}

async function isThere(path: string, mode: number): Promise<boolean> {
	return access(path, mode).then(
		() => true,
		() => false,
	);
}
