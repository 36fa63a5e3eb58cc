/**
 * Webhooks: who wants to be told what happens to models, and the telling, signed and asynchronous, to public addresses
 * only. The calls are MLflow's WebhookService. May enter: rules of webhooks, their SQL, what is sent. May not: what the
 * events mean, which is the model registry's. Start at {@link dev.millrace.registry.outbound.webhooks.WebhookService}.
 */
package dev.millrace.registry.outbound.webhooks;
