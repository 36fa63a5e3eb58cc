/**
 * The feature catalog: what the columns of feature tables say of themselves (decision 0302), which model versions take
 * them, and how they last drifted. Derived at each call and kept nowhere. May enter: joining these by name. May not:
 * statements about features that their table does not make. Start at {@link
 * dev.millrace.registry.lake.features.FeatureService}.
 */
package dev.millrace.registry.lake.features;
