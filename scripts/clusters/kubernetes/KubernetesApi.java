import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.util.HashMap;

/** An API server of Kubernetes that keeps what it is given and starts no container: PORT. Runs until it is killed. */
final class KubernetesApi {
    public static void main(String[] arguments) throws Exception {
        KubernetesMockServer server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[0]));
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
