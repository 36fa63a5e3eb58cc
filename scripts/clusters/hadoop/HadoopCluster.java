import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS and YARN in this process, until it is killed: FOLDER NODES CORES MEMORY-MB. Works in the current folder. Writes
 * FOLDER/conf, which clients set as HADOOP_CONF_DIR, and FOLDER/ready when all nodes are there.
 */
final class HadoopCluster {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        int nodes = Integer.parseInt(arguments[1]);
        Configuration storage = new Configuration();
        storage.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
        storage.setBoolean("dfs.namenode.edits.noeditlogchannelflush", true); // it need not survive this machine
        storage.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("dfs").toString());
        MiniDFSCluster files = new MiniDFSCluster.Builder(storage).numDataNodes(1).build();
        files.waitActive();

        YarnConfiguration conf = new YarnConfiguration(storage);
        conf.set("fs.defaultFS", files.getFileSystem().getUri().toString());
        conf.set("yarn.scheduler.capacity.root.queues", "default");
        conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
        conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
        conf.set("yarn.scheduler.minimum-allocation-mb", "256");
        conf.set("yarn.nodemanager.resource.cpu-vcores", arguments[2]);
        conf.set("yarn.nodemanager.resource.memory-mb", arguments[3]);
        conf.set("yarn.nodemanager.vmem-check-enabled", "false");
        conf.set("yarn.nodemanager.pmem-check-enabled", "false");
        conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99");
        // Logs of containers stay where they are, for tests to read.
        conf.set("yarn.nodemanager.delete.debug-delay-sec", "3600");
        MiniYARNCluster cluster = new MiniYARNCluster("nodes", nodes, 1, 1);
        cluster.init(conf);
        cluster.start();
        if (!cluster.waitForNodeManagersToConnect(60_000)) throw new IllegalStateException("Not all nodes came");

        Configuration clients = new Configuration(cluster.getConfig());
        clients.unset("net.topology.node.switch.mapping.impl"); // a class of Hadoop's tests
        Path written = Files.createDirectories(folder.resolve("conf"));
        // The defaults of each of the three files win over what stands in another.
        for (String name : new String[] {"core-site.xml", "hdfs-site.xml", "yarn-site.xml"}) {
            try (OutputStream out = Files.newOutputStream(written.resolve(name))) {
                clients.writeXml(out);
            }
        }
        Files.writeString(folder.resolve("ready"), files.getFileSystem().getUri() + "\n");
        Thread.currentThread().join();
    }
}
