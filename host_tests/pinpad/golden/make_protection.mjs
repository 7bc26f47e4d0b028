// Makes protection.json: messages as npm's @adyen/api-library protects them.
//
// Usage: node make_protection.mjs MODULES > protection.json, where MODULES is its node_modules.
// The library draws its nonce by lot; here it is given, so that the file can be made again.

import { createRequire } from 'node:module';

const library = createRequire(`${process.argv[2]}/`);
const { default: NexoCrypto } = library('@adyen/api-library/lib/src/security/nexoCrypto.js');
const { default: Keys } = library('@adyen/api-library/lib/src/security/nexoDerivedKeyGenerator.js');
const { ObjectSerializer } = library('@adyen/api-library/lib/src/typings/terminal/models.js');

const PASSPHRASES = ['milepad till 1', 'a', 'déjà vu', 'x'.repeat(80), '  spaces and "quotes"  '];

function header(category, serviceId) {
  return {
    MessageClass: 'Service',
    MessageCategory: category,
    MessageType: 'Request',
    ProtocolVersion: '3.0',
    SaleID: 'TILL-1',
    ServiceID: serviceId,
    POIID: 'MILEPAD-07',
  };
}

const SALE = {
  SaleTransactionID: { TransactionID: '4711', TimeStamp: new Date('2026-01-30T15:04:05Z') },
  OperatorID: 'Zoë',
  OperatorLanguage: 'fr',
};
const MEMBER = {
  EntryMode: ['Scanned'],
  IdentificationType: 'BarCode',
  LoyaltyID: '84095202006',
};
const REQUESTS = [
  ['Login', 'LoginRequest', {
    DateTime: new Date('2026-01-30T15:00:00Z'),
    SaleSoftware: {
      ManufacturerID: 'Milepad', ApplicationName: 'till', SoftwareVersion: '1',
      CertificationCode: 'none',
    },
    OperatorLanguage: 'en',
    OperatorID: '12',
  }],
  ['Loyalty', 'LoyaltyRequest', {
    SaleData: SALE,
    LoyaltyTransaction: {
      LoyaltyTransactionType: 'Redemption', TotalAmount: 43.35, Currency: 'CAD',
    },
    LoyaltyData: [{
      LoyaltyAccountID: MEMBER,
      LoyaltyAmount: { LoyaltyUnit: 'Monetary', Currency: 'CAD', Value: 40 },
    }],
  }],
  ['Loyalty', 'LoyaltyRequest', {
    SaleData: SALE,
    LoyaltyTransaction: {
      LoyaltyTransactionType: 'Award', TotalAmount: 3.35, Currency: 'CAD',
      SaleItem: [{ ItemID: 1, ProductCode: '0001', ItemAmount: 3.35, ProductLabel: 'Crème brûlée' }],
    },
    LoyaltyData: [{ LoyaltyAccountID: MEMBER }],
  }],
  ['Abort', 'AbortRequest', {
    MessageReference: { MessageCategory: 'Loyalty', SaleID: 'TILL-1', ServiceID: '2' },
    AbortReason: 'MerchantAbort',
  }],
  ['TransactionStatus', 'TransactionStatusRequest', {
    MessageReference: { MessageCategory: 'Loyalty', SaleID: 'TILL-1', ServiceID: '2' },
  }],
];

function nonce(number) {
  return Buffer.from(Array.from({ length: 16 }, (_, n) => (number * 37 + n * 11) & 255));
}

let made = 0;
function protect(messageHeader, text, passphrase) {
  made += 1;
  const given = nonce(made);
  NexoCrypto.generateRandomIvNonce = () => given;
  const key = {
    Passphrase: passphrase, KeyIdentifier: `till-${made}`, KeyVersion: made, AdyenCryptoVersion: 1,
  };
  return { passphrase, text, message: NexoCrypto.encrypt(messageHeader, text, key) };
}

const texts = REQUESTS.map(([category, name, body], at) => {
  const request = {
    SaleToPOIRequest: { MessageHeader: header(category, `${at + 1}`), [name]: body },
  };
  return [
    request.SaleToPOIRequest.MessageHeader,
    JSON.stringify(ObjectSerializer.serialize(request, 'TerminalApiRequest')),
  ];
});
// Around a cipher's block of 16 bytes, and of no more than itself.
const lengths = [0, 1, 15, 16, 17, 31, 32].map((count) => [header('Login', '9'), 'z'.repeat(count)]);

const document = {
  made_by: 'make_protection.mjs with @adyen/api-library '
    + library('@adyen/api-library/package.json').version,
  keys: PASSPHRASES.map((passphrase) => {
    const key = Keys.deriveKeyMaterial(passphrase);
    return {
      passphrase,
      hmac: key.hmacKey.toString('hex'),
      cipher: key.cipherKey.toString('hex'),
      iv: key.iv.toString('hex'),
    };
  }),
  messages: [...texts, ...lengths].map(([messageHeader, text], at) => (
    protect(messageHeader, text, PASSPHRASES[at % PASSPHRASES.length])
  )),
};
console.log(JSON.stringify(document, null, 1));
