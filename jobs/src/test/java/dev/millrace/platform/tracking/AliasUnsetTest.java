package dev.millrace.platform.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A gate that compares with the champion passes when there is none; every other refusal must stop it. */
class AliasUnsetTest {
    private static MlflowHttp.Refused refused(int status, String code, String message) {
        return new MlflowHttp.Refused(status, code, message);
    }

    @Test
    void anAliasThatIsNotSetIsToldFromEveryOtherRefusal() {
        assertThat(refused(400, "INVALID_PARAMETER_VALUE", "Registered model alias champion not found.")
                        .isAliasUnset())
                .isTrue();
        assertThat(refused(400, "INVALID_PARAMETER_VALUE", "Invalid value for parameter 'name'")
                        .isAliasUnset())
                .isFalse();
        assertThat(refused(400, "BAD_REQUEST", "alias not found").isAliasUnset())
                .isFalse();
    }

    @Test
    void aProxysNotFoundIsNoAnswerAboutAModel() {
        assertThat(refused(404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")
                        .isNoModel())
                .isTrue();
        assertThat(refused(404, "", "<html>404</html>").isNoModel()).isFalse();
    }
}
