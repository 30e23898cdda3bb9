/** Tools labelled before the classifier saw them, and after it had been improved on the other tables. Columns: `table.ts`. */
export const UNSEEN = `
monday | get_board_schema | Get the schema of a board: columns and groups | boardId | Read | Low |
monday | change_item_column_values | Change the column values of an item in a board | boardId itemId columnValues | Write | Medium |
monday | move_item_to_group | Move an item to another group | itemId groupId | Write | Medium |
clickup | start_time_tracking | Start a timer on a task | task_id | Execute/Write | Medium |
clickup | get_workspace_hierarchy | Retrieve the complete hierarchy of spaces, folders and lists | | Read | Low |
todoist | complete_task | Complete a task | id | Write | Medium |
todoist | close-task | Marks a task as done | id | Write | Medium |
miro | create_sticky_note | Create a sticky note item | content x y | Write | Medium |
dropbox | restore_file_revision | Restore a file to an earlier revision | path rev | Write | Medium | path
dropbox | permanently_delete | Permanently delete a file or folder | path | Destructive | Critical | path
box | create_shared_link | Create a link through which anyone can open the file | file_id access=open,company,collaborators | Write | High | privilege
onedrive | download_file | Download a file's content | item_id | Read | Low |
outlook | list_messages | Return messages from a mail folder | folderId top | Read | Low | untrusted-input
outlook | move_message | Move a message to another folder | messageId folderId | Write | Medium |
outlook | set_out_of_office | Turn on automatic replies | message start end | Write/Execute | Medium |
teams | reply_to_channel_message | Post a reply in a channel thread | channel text | Write | High | egress
teams | get_chat_members | List who is in a chat | chatId | Read | Low |
signal | receive_message | Wait for and receive the next message | timeout | Read | Low | untrusted-input
mailchimp | unsubscribe_member | Unsubscribe a contact from an audience | email | Write | Medium |
mailchimp | send_campaign | Send a campaign right away | campaign_id | Write | High | egress
klaviyo | get_campaign_report | Returns metrics data for campaigns | filter | Read | Low |
pipedrive | add_note_to_deal | Adds a note to a deal | dealId content | Write | Medium |
pipedrive | win_deal | Mark a deal as won | dealId | Write | Medium |
freshdesk | close_ticket | Close a ticket | ticket_id | Write | Medium |
servicenow | run_background_script | Run a background script on the instance | script | Execute | High | code
servicenow | natural_language_update | Update records with natural language | request | Write | Medium |
xero | list-profit-and-loss | Lists profit and loss report | fromDate toDate | Read | Low |
xero | create-payment | Create a payment in Xero | invoiceId amount accountId | Financial | Critical |
quickbooks | void_invoice | Void an invoice | id | Financial/Destructive | Critical |
quickbooks | create_expense | Record an expense | amount vendor | Write/Financial | Medium |
square | make_api_request | Unified tool for all Square API operations | service method request | Write/Execute | Medium |
square | get_service_info | Get information about a Square API service | service | Read | Low |
adyen | cancel_payment | Cancel an authorised payment | paymentPspReference | Financial | Critical |
razorpay | capture_payment | Change the payment status from authorized to captured | payment_id amount | Financial | Critical |
razorpay | fetch_all_settlements | Fetch all settlements with pagination | count | Read | Low |
alpaca | liquidate_all | Liquidates every position at market | | Financial | Critical |
alpaca | get_account_info | Retrieves the current account information | | Read | Low |
alpaca | place_crypto_order | Place an order for a crypto asset | symbol side qty | Financial | Critical |
binance | get_order_book | Returns the order book of a symbol | symbol limit | Read | Low |
uniswap | executeSwap | Executes a swap on Uniswap with optimal routing | tokenIn tokenOut amountIn | Financial | Critical |
uniswap | getPrice | Get a price quote for a Uniswap swap | tokenIn tokenOut amountIn | Read | Low |
hyperliquid | set_take_profit | Set a take profit order on a position | coin price | Financial/Write | Medium |
lightning | pay_invoice | Pay a Lightning invoice | invoice | Financial | Critical |
lightning | create_invoice | Create an invoice to receive sats | amount memo | Financial/Write | Medium |
amazon | add_to_cart | Add a product to the shopping cart | asin | Write | Medium |
amazon | buy_now | Buy the product with one click | asin | Financial | Critical |
doordash | submit_order | Submit the order in the cart | cart_id tip | Financial | Critical |
uber | estimate_price | Estimate the price of a ride | from to | Read | Low |
airbnb | airbnb_search | Search for Airbnb listings with various filters and pagination | location checkin checkout | Read | Low | 
opentable | cancel_reservation | Cancel a reservation | reservation_id | Execute/Destructive/Write | Medium |
ec2 | describe_instances | Describes the specified instances | instance_ids[] | Read | Low |
ec2 | modify_instance_attribute | Change an attribute of an instance | instance_id attribute value | Write | Medium |
ec2 | reboot_instance | Reboot an instance | instance_id | Execute | High |
ec2 | release_address | Release an Elastic IP address | allocation_id | Destructive/Write/Execute | Medium |
iam | delete_user_policy | Delete an inline policy of a user | user_name policy_name | Destructive | Critical |
iam | simulate_principal_policy | Simulate how a set of policies works with a list of actions | policy_arn actions[] | Read/Write | Low |
rds | failover_db_cluster | Force a failover of a cluster | cluster | Execute | High |
rds | delete_automated_backup | Delete automated backups | id | Destructive | Critical |
dynamodb | put_item | Creates a new item, or replaces an old item | table item | Write | Medium |
dynamodb | scan_table | Scan a table with filter expressions | table filterExpression | Read | Low |
sqs | receive_message | Receive messages from a queue | queue_url | Read | Low |
lambda | update_function_code | Updates the code of a Lambda function | function_name zip_file | Write | Medium |
helm | install_helm_chart | Install a Helm chart | name chart namespace values | Execute | High |
helm | uninstall_helm_chart | Uninstall a Helm release | name namespace | Destructive | Critical |
argocd | sync_application | Sync an application to its target state | applicationName prune dryRun | Write/Execute | Medium |
argocd | get_application_events | Returns events for application | applicationName | Read | Low |
argocd | run_resource_action | Run an action on a resource | applicationName action | Execute | High |
nomad | purge_job | Stop and purge a job | job_id | Destructive | Critical |
ansible | run_playbook | Run an Ansible playbook | playbook inventory | Execute | High |
pulumi | pulumi-cli-up | Runs pulumi up and deploys the changes | workDir stack | Execute | High |
pulumi | pulumi-cli-preview | Runs pulumi preview and shows the changes | workDir stack | Read/Execute | Low |
digitalocean | droplet-delete | Delete a droplet by its ID | ID | Destructive | Critical |
digitalocean | droplet-power-off | Power off a droplet | ID | Execute | High |
heroku | ps_scale | Scale the dynos of an app | app dyno | Execute | High |
heroku | pg_psql | Execute SQL queries against the Heroku PostgreSQL database | command app | Execute | High | code
heroku | get_app_logs | View the logs of an app | app tail | Read | Low |
fly | fly-secrets-set | Set secrets for an app | secrets | Write | High | secrets
railway | variable_set | Create or update a variable | name value | Write | Medium |
render | list_services | List all services in the account | | Read | Low |
neon | describe_branch | Get a tree view of all objects in a branch | branchId | Read | Low |
neon | delete_project | Delete a Neon project | projectId | Destructive | Critical |
planetscale | execute_write_query | Execute a write SQL query | query | Execute/Write/Destructive | High | code
neo4j | read_neo4j_cypher | Execute a read Cypher query on the database | query | Read/Execute | Low | code
neo4j | write_neo4j_cypher | Execute a write Cypher query | query | Write/Execute | Medium | code
chroma | chroma_delete_collection | Delete a collection | name | Destructive | Critical |
chroma | chroma_query_documents | Query documents in a collection with semantic search | query_texts[] | Read | Low |
qdrant | qdrant-find | Look up memories in Qdrant. Use this tool when you need to find memories by their content. | query | Read | Low |
pinecone | upsert-records | Insert or update records in a Pinecone index | records[] | Write | High | bulk
kafka | produce_message | Produce a message to a topic | topic value | Write | Medium |
kafka | delete_topics | Delete topics | topics[] | Destructive | Critical |
dbt | build | Builds all models, tests, snapshots and seeds | selector | Execute | High |
dbt | show | Execute SQL against the data warehouse | sql_query limit | Execute | High | code
airflow | trigger_dag_run | Trigger a new DAG run | dag_id conf | Execute | High |
airflow | clear_task_instances | Clear a set of task instances | dag_id | Destructive | Critical |
airflow | get_dag_source | Get a DAG's source code | dag_id | Read | Low |
launchdarkly | toggle-flag | Turns a feature flag on or off in an environment | key env | Write/Execute | Medium |
posthog | feature-flag-get-all | Get all feature flags in the project | | Read | Low |
amplitude | create_cohort | Create a cohort | name definition | Write | Medium |
newrelic | run_nrql_query | Run an NRQL query | nrql | Execute/Read | Low |
splunk | search_splunk | Execute a Splunk search and return the results | query earliest | Read/Execute | Low |
opsgenie | close_alert | Close an alert | id | Write | Medium |
crowdstrike | contain_host | Contain a host, cutting its network | device_id | Execute/Write/Destructive | Medium |
wireshark | capture_live | Capture live traffic on an interface | interface | Read/Execute | Low |
nmap | nmap_scan | Scan a target for open ports | target | Read/Execute | Low |
metasploit | run_exploit | Run an exploit module against a target | module options | Execute | High |
burp | send_http1_request | Issues an HTTP/1.1 request and returns the response | content targetHostname targetPort | Write/Execute | High | egress
okta | add_user_to_group | Add a user to a group | userId groupId | Write | High | privilege
okta | clear_user_sessions | Revoke all active sessions for a user | userId | Destructive | Critical |
entra | elevate_access | Elevate to user access administrator | scope | Write | High | privilege
keycloak | impersonate | Impersonate a user | realm userId | Execute | High | privilege
bitwarden | unlock | Unlock the vault | password | Write | High | secrets
bitwarden | get | Get items, passwords, TOTP codes or notes from the vault | object id | Read | High | secrets
bitwarden | generate | Generate a secure password or passphrase | length | Read/Write | Low |
unity | execute_menu_item | Executes a Unity menu item by path | menuPath | Execute | High |
unity | read_console | Gets messages from the Unity Editor console | count | Read | Low |
unity | manage_gameobject | Manages GameObjects: create, modify, find, delete | action=create,modify,find,delete | Destructive | Critical |
xcode | build_sim | Builds an app from a project for a simulator | projectPath scheme | Execute | High |
xcode | erase_sims | Erases simulator content and settings | simulatorUuid | Destructive | Critical |
android | list_available_devices | List all available devices | | Read | Low |
android | mobile_install_app | Install an app on the device | path | Execute | High |
android | mobile_swipe_on_screen | Swipe on the screen | direction | Write/Execute | Medium |
arduino | flash_firmware | Flash firmware to the board | port file | Execute | High |
ros | ros2_topic_pub | Publish a message to a topic | topic type data | Write/Execute | Medium |
ros | cancel_navigation | Cancel the current navigation goal | | Execute | High |
printer3d | start_print | Start a print job | file | Execute/Write | Medium |
printer3d | set_hotend_temperature | Set the hotend's target temperature | celsius | Write | Medium |
printer3d | get_printer_status | Get the current state of the printer | | Read | Low |
homeassistant | turn_off_all_lights | Turn off all lights | | Execute/Write | Medium |
nest | set_away_mode | Set home or away | mode | Write | Medium |
tesla | honk_horn | Honk the horn | | Execute/Write | Medium |
tesla | wake_up | Wake up the vehicle | | Execute | High |
tesla | remote_start_drive | Start the vehicle remotely | | Execute | High |
docs | resolve-library-id | Resolves a package name to a library ID and returns a list of matching libraries. | libraryName | Read | Low |
docs | get-library-docs | Fetches up-to-date documentation for a library. | libraryID topic tokens | Read | Low |
docs | microsoft_docs_search | Search official documentation to find relevant content | query | Read | Low | 
docs | ask_question | Ask any question about a GitHub repository | repoName question | Read/Write | Low |
wikipedia | get_summary | Get a summary of an article | title | Read | Low |
arxiv | download_paper | Download a paper and store it locally | paper_id | Write/Read | Low |
pubmed | search_articles | Search articles | query | Read | Low |
hn | get_stories | Get stories from Hacker News | story_type | Read | Low |
reddit | create_post | Create a post in a subreddit | subreddit title text | Write | High | egress
reddit | fetch_hot_threads | Fetch hot threads from a subreddit | subreddit limit | Read | Low | untrusted-input
bluesky | like_post | Like a post | uri cid | Write | Medium |
instagram | publish_media | Publish an image to the feed | image_url caption | Write | High | egress
strava | get-activity-streams | Retrieves detailed time-series data of an activity | id | Read | Low |
strava | star-segment | Stars or unstars a segment | segmentId starred | Write | Medium |
health | log_meal | Log a meal | food calories | Write | Medium |
lms | submit_assignment | Submit an assignment | assignment_id file | Write | Medium |
lms | grade_submission | Grade a submission | submission_id score | Write | Medium |
hr | terminate_employee | Terminate the employment of an employee | employee_id | Destructive | Critical |
hr | run_payroll | Run payroll for the period | period | Financial/Execute | High |
legal | sign_document | Sign a document on the user's behalf | document_id | Write | Medium |
voting | cast_vote | Cast a vote | poll option | Write | Medium |
image | remove_background | Remove the background of an image and return the result | image | Read/Write/Destructive | Low |
image | generate_image | Generate an image from a prompt | prompt | Execute/Write | Medium |
pdf | merge_pdfs | Merge several PDF files into one | files[] output_path | Write | Medium | path
pdf | extract_text | Extract the text of a PDF | file_path | Read | Low | path
excel | read_data_from_excel | Read data from a worksheet | filepath sheet_name | Read | Low | path
excel | delete_worksheet | Delete a worksheet from the workbook | filepath sheet_name | Destructive | Critical | path
ffmpeg | trim_video | Trim a video | input_path output_path start end | Write | Medium | path
sandbox | create_sandbox | Create a new sandbox | template | Write | Medium |
sandbox | run_in_sandbox | Run code in the sandbox | code language | Execute | High | code
calc | calculate | Calculates the given expression | expression | Read/Execute | Low |
text | count_words | Count the words of a text | text | Read | Low |
text | base64_decode | Decode a Base64 string | input | Read | Low |
text | format_json | Format a JSON text | json | Read/Write | Low |
agent | delegate_task | Hand a task over to another agent | task | Execute/Write | Medium |
agent | spawn_agent | Spawn a subagent | prompt | Execute | High |
agent | get_task_result | Get the result of a task | id | Read | Low |
ci | approve_job | Approve a held job so that it runs | job_id | Write/Execute | Medium |
ci | bypass_checks | Bypass required checks and merge | pr | Write | Medium |
db | seed | Fill the database with sample data | | Write | Medium |
db | migrate_down | Revert the last migration | | Execute/Destructive | High |
db | vacuum | Reclaim storage of dead rows | | Execute/Write/Destructive | Medium |
cache | warm | Warms the cache | | Write/Execute | Medium |
cache | bust | Busts the cache | | Write/Destructive | Medium |
queue | peek | Look at the next message without taking it | queue | Read | Low |
queue | pop | Take the next message off the queue | queue | Write/Destructive | Medium |
dns | lookup_mx | Look up MX records of a domain | domain | Read | Low |
net | block_ip | Block an address at the firewall | ip | Write | Medium |
backup | list_snapshots | List snapshots | | Read | Low |
backup | rollback_snapshot | Roll back to a snapshot; changes since then are lost | id | Execute/Destructive | High |
meet | record_meeting | Record a meeting | id | Write | Medium |
cal | find_free_slots | Find free slots | attendees[] | Read | Low |
crm | enrich_contact | Enrich a contact with public data and update it | id | Write | Medium |
crm | lead_score | Score of a lead | id | Read | Low |
crm | dedupe_contacts | Merge duplicate contacts | | Write/Destructive | Medium |
shop | inventory_levels | Inventory levels at a location | location | Read | Low |
shop | fulfill_order | Mark an order as fulfilled | order_id | Write/Financial | Medium |
shop | apply_discount | Apply a discount code to a cart | cart_id code | Write/Execute/Financial | Medium |
`;
