//! What RBAC cannot say: one session, one pod.

use crate::user_prefix::UserPrefix;

/// Impersonation is resolved before admission, so the policy sees the person and the extras. It
/// also covers whoever uses one of the groups under another name.
pub(super) fn manifests(prefix: &UserPrefix) -> String {
    format!(
        "\
# A stream opened through Shorepass reaches the pod that its session is for, and no other.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: shorepass-streams
  labels: {{app.kubernetes.io/part-of: shorepass}}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [\"\"]
        apiVersions: [v1]
        operations: [CONNECT]
        resources: [pods/exec, pods/attach, pods/portforward]
  matchConditions:
    - name: through-shorepass
      expression: >-
        request.userInfo.username.startsWith('{prefix}') ||
        (has(request.userInfo.groups) &&
        request.userInfo.groups.exists(group, group.startsWith('jit:')))
  validations:
    - expression: >-
        has(request.userInfo.extra) && 'shorepass.dev/pod' in request.userInfo.extra &&
        request.userInfo.extra['shorepass.dev/pod'] == [request.name]
      message: the session was granted for another pod
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: shorepass-streams
  labels: {{app.kubernetes.io/part-of: shorepass}}
spec:
  policyName: shorepass-streams
  validationActions: [Deny]
"
    )
}
