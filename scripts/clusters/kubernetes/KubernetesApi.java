import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.HashMap;

/** An API server of Kubernetes that keeps what it is given and starts no container: PORT. Runs until it is killed. */
final class KubernetesApi {
    /** Creates what is applied and is not there yet, as a real server does; Spark applies services and config maps. */
    private static final class Applying extends KubernetesCrudDispatcher {
        @Override
        public MockResponse handlePatch(RecordedRequest request) {
            byte[] body = request.getBody().getBytes();
            MockResponse patched = super.handlePatch(new RecordedRequest(
                    request.getHttpVersion(), HttpMethod.PATCH, request.getPath(), request.getHeaders(), new Buffer(body)));
            if (patched.code() != 404) return patched;
            String resource = request.getPath().replaceFirst("\\?.*", "");
            String collection = resource.substring(0, resource.lastIndexOf('/'));
            return handleCreate(new RecordedRequest(
                    request.getHttpVersion(), HttpMethod.POST, collection, request.getHeaders(), new Buffer(body)));
        }
    }

    public static void main(String[] arguments) throws Exception {
        KubernetesMockServer server =
                new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Applying(), false);
        server.init(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[0]));
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
