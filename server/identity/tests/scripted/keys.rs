//! Keys with which tokens are signed, lawfully and not.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey as _,
    core::{CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use serde_json::{Value, json};

/// A token of this header and these claims with this signature.
pub(crate) fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// An Ed25519 key; what the scripted provider signs with unless a test says otherwise.
pub(crate) struct EdKey(SigningKey, &'static str);

impl EdKey {
    pub(crate) fn new(seed: u8, id: &'static str) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]), id)
    }

    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.1,
            "x": BASE64_URL_SAFE_NO_PAD.encode(self.0.verifying_key().as_bytes()),
        })
    }

    pub(crate) fn public_bytes(&self) -> Vec<u8> {
        self.0.verifying_key().as_bytes().to_vec()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        let header = json!({ "alg": "EdDSA", "kid": self.1, "typ": "JWT" });
        token(&header, claims, |message| self.sign(message))
    }
}

/// A P-256 key and its public half.
pub(crate) fn elliptic() -> (Value, impl Fn(&[u8]) -> Vec<u8>) {
    use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
    let key = SigningKey::from_slice(&[9; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": "ec",
        "x": part(point.x().unwrap()), "y": part(point.y().unwrap()),
    });
    (jwk, move |message: &[u8]| {
        let signature: Signature = key.sign(message);
        signature.to_bytes().to_vec()
    })
}

/// An RSA key, made for these tests alone, and its public half.
pub(crate) fn rsa(algorithm: CoreJwsSigningAlgorithm) -> (Value, impl Fn(&[u8]) -> Vec<u8>) {
    let id = JsonWebKeyId::new("rsa".to_owned());
    let key = CoreRsaPrivateSigningKey::from_pem(include_str!("rsa.pem"), Some(id)).unwrap();
    let jwk = serde_json::to_value(key.as_verification_key()).unwrap();
    (jwk, move |message: &[u8]| key.sign(&algorithm, message).unwrap())
}

/// A message authentication code, which anybody can make who knows the secret.
pub(crate) fn mac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    CoreHmacKey::new(secret).sign(&CoreJwsSigningAlgorithm::HmacSha256, message).unwrap()
}
