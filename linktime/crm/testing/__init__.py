"""What a CRM's provider is tested with.

`suite.ContractSuite` says what every provider must do, in tests that run over the real engine. Each provider inherits
it and brings a `stage.Stage`: what its CRM shows, people at work there, and trouble. `memory.MemoryCrm` is a CRM that
lives in this process: quick, the same every time, and with every fault there is.
"""
