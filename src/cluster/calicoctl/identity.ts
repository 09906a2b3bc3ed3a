import {sanitize} from '../sanitize.ts';

/** What tells calicoctl which cluster to work on. */
export type Connection = {
	readonly practice: boolean;
	readonly configFile?: string | undefined;
	readonly context?: string | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
};

/** How calicoctl was told to find the cluster, in its own order of precedence (libcalico-go/lib/apiconfig/load.go). */
export function connectionName({practice, configFile, context, env}: Connection): string {
	if (practice) return 'practice cluster';
	const setting = (name: string) => env[`CALICO_${name}`] || env[name];
	const parts = [
		configFile && `configuration ${configFile}`,
		context && `context ${context}`,
		!context && setting('K8S_CURRENT_CONTEXT') && `context ${setting('K8S_CURRENT_CONTEXT')}`,
		setting('ETCD_ENDPOINTS') && `etcd at ${withoutUser(setting('ETCD_ENDPOINTS') ?? '')}`,
		!setting('ETCD_ENDPOINTS') &&
			setting('K8S_API_ENDPOINT') &&
			`API server ${withoutUser(setting('K8S_API_ENDPOINT') ?? '')}`,
		!setting('ETCD_ENDPOINTS') && setting('KUBECONFIG') && `kubeconfig ${setting('KUBECONFIG')}`,
	].filter(part => part);
	return sanitize(parts.join(', ') || "calicoctl's own configuration");
}

/** A URL may carry a user and a password; nobody needs to see them. */
function withoutUser(urls: string): string {
	return urls.replaceAll(/\/\/[^/@,]*@/g, '//');
}
